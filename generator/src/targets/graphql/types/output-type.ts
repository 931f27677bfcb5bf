import type { DescField, DescMessage } from "@bufbuild/protobuf";
import { isWrapperDesc } from "@bufbuild/protobuf/wkt";
import {
  type GraphQLEnumType,
  GraphQLList,
  GraphQLNonNull,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLScalarType,
  type GraphQLUnionType,
} from "graphql";
import { id, json, presenceOf, scalarOf, scalarOfMessage } from "../contract/index.js";
import type { Types } from "./types.js";

type NullableOutput =
  | GraphQLScalarType
  | GraphQLEnumType
  | GraphQLObjectType
  | GraphQLUnionType
  | GraphQLList<GraphQLOutputType>;

/** The output type of a field. */
export function outputTypeOf(types: Types, field: DescField): GraphQLOutputType {
  const { nullability } = types.facts.field(field);
  const type = contentType(types, field);
  const always = nullability === undefined ? isAlwaysThere(types, field) : nullability === "non-null";
  return always && type !== json ? new GraphQLNonNull(type) : type;
}

/** Whether every response sets the field. */
function isAlwaysThere(types: Types, field: DescField): boolean {
  return presenceOf(field) === "implicit" || types.isRequired(field, "output");
}

function contentType(types: Types, field: DescField): NullableOutput {
  switch (field.fieldKind) {
    case "list":
      return new GraphQLList(inCollection(valueTypeOf(types, field)));
    case "map":
      return new GraphQLList(new GraphQLNonNull(types.entry(field)));
    default:
      return valueTypeOf(types, field);
  }
}

/** The type of list items and map values: non-null, unless the value may be a JSON null. */
export function inCollection(type: NullableOutput): GraphQLOutputType {
  return type === json ? type : new GraphQLNonNull(type);
}

/** The type of a field's value, of a list's items or of a map's values. */
export function valueTypeOf(types: Types, field: DescField): NullableOutput {
  if (field.message !== undefined) return messageTypeOf(types, field.message);
  if (field.enum !== undefined) {
    return field.enum.typeName === "google.protobuf.NullValue" ? json : types.enumeration(field.enum);
  }
  return types.isId(field) ? id : scalarOf(field.scalar as never);
}

/** The output type of a message: an object type, or a scalar if it has its own ProtoJSON form. */
export function messageTypeOf(types: Types, desc: DescMessage): NullableOutput {
  return scalarOfMessage(desc) ?? types.object(desc);
}

/** Whether a message is a single value in responses. */
export function isScalarMessage(desc: DescMessage): boolean {
  return isWrapperDesc(desc) || scalarOfMessage(desc) !== undefined;
}
