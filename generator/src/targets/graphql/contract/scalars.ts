import { type DescMessage, ScalarType } from "@bufbuild/protobuf";
import {
  GraphQLBoolean,
  GraphQLFloat,
  GraphQLID,
  GraphQLInt,
  GraphQLScalarType,
  GraphQLString,
  specifiedScalarTypes,
} from "graphql";

const protoJson = "https://protobuf.dev/programming-guides/json/";

function scalar(name: string, specifiedByURL: string, description: string): GraphQLScalarType {
  return new GraphQLScalarType({ name, specifiedByURL, description });
}

const int64 = scalar(
  "Int64",
  protoJson,
  "An integer of 64 bits, as a text: `-9223372036854775808` to `9223372036854775807`.",
);
const uint64 = scalar(
  "UInt64",
  protoJson,
  "An integer of 64 bits without a sign, as a text: `0` to `18446744073709551615`.",
);
const uint32 = scalar("UInt32", protoJson, "An integer of 32 bits without a sign: `0` to `4294967295`.");
const bytes = scalar("Bytes", "https://www.rfc-editor.org/rfc/rfc4648#section-4", "Bytes, encoded in base64.");

/** Scalars for the well-known types that have their own ProtoJSON form. */
const wellKnown: Readonly<Record<string, GraphQLScalarType>> = {
  "google.protobuf.Timestamp": scalar(
    "DateTime",
    "https://www.rfc-editor.org/rfc/rfc3339#section-5.6",
    "A point in time in RFC 3339 format, with at most nine digits of a second: `2026-01-31T12:00:00.5Z`.",
  ),
  "google.protobuf.Duration": scalar(
    "Duration",
    protoJson,
    "A span of time, in seconds with at most nine digits after the point: `1.5s`.",
  ),
  "google.protobuf.FieldMask": scalar(
    "FieldMask",
    protoJson,
    "Paths of fields in lowerCamelCase, with commas between them: `displayName,address.city`.",
  ),
  "google.protobuf.Struct": scalar(
    "JSONObject",
    "https://www.rfc-editor.org/rfc/rfc8259#section-4",
    "An object of JSON.",
  ),
  "google.protobuf.Value": scalar("JSON", "https://www.rfc-editor.org/rfc/rfc8259#section-3", "Any value of JSON."),
  "google.protobuf.ListValue": scalar(
    "JSONList",
    "https://www.rfc-editor.org/rfc/rfc8259#section-5",
    "A list of JSON.",
  ),
  "google.protobuf.Any": scalar(
    "Any",
    protoJson,
    "A message of any type: its fields and the URL of its type, `@type`.",
  ),
  "google.protobuf.BoolValue": GraphQLBoolean,
  "google.protobuf.StringValue": GraphQLString,
  "google.protobuf.BytesValue": bytes,
  "google.protobuf.Int32Value": GraphQLInt,
  "google.protobuf.UInt32Value": uint32,
  "google.protobuf.Int64Value": int64,
  "google.protobuf.UInt64Value": uint64,
  "google.protobuf.FloatValue": GraphQLFloat,
  "google.protobuf.DoubleValue": GraphQLFloat,
};

/** Any JSON value, including null. */
export const json: GraphQLScalarType = wellKnown["google.protobuf.Value"] as GraphQLScalarType;

export const timestamp: GraphQLScalarType = wellKnown["google.protobuf.Timestamp"] as GraphQLScalarType;

/** The scalar of a message that has its own ProtoJSON form. */
export function scalarOfMessage(desc: DescMessage): GraphQLScalarType | undefined {
  return wellKnown[desc.typeName];
}

/** The names that are reserved for scalars. */
export const scalarNames: readonly string[] = [
  ...specifiedScalarTypes,
  int64,
  uint64,
  uint32,
  bytes,
  ...Object.values(wellKnown),
].map(({ name }) => name);

/** The GraphQL scalar of a proto scalar. Only signed integers of 32 bits fit into Int. */
export function scalarOf(type: ScalarType): GraphQLScalarType {
  switch (type) {
    case ScalarType.STRING:
      return GraphQLString;
    case ScalarType.BOOL:
      return GraphQLBoolean;
    case ScalarType.BYTES:
      return bytes;
    case ScalarType.DOUBLE:
    case ScalarType.FLOAT:
      return GraphQLFloat;
    case ScalarType.INT32:
    case ScalarType.SINT32:
    case ScalarType.SFIXED32:
      return GraphQLInt;
    case ScalarType.UINT32:
    case ScalarType.FIXED32:
      return uint32;
    case ScalarType.UINT64:
    case ScalarType.FIXED64:
      return uint64;
    default:
      return int64;
  }
}

export const id: GraphQLScalarType = GraphQLID;
