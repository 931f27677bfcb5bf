import type { DescEnum, DescMessage, ScalarType } from "@bufbuild/protobuf";
import { isWrapperDesc } from "@bufbuild/protobuf/wkt";

/** A type with a ProtoJSON form of its own: how it is written, and what a reader cannot see from that. */
interface SpecialType {
  readonly type: string;
  readonly note?: string;
}

const types: Readonly<Record<string, SpecialType>> = {
  "google.protobuf.Any": {
    type: '{ readonly "@type"?: string; readonly [field: string]: unknown }',
    note: "A message of the type that `@type` names: `type.googleapis.com/` and its full name.",
  },
  "google.protobuf.Duration": { type: "string", note: "A duration in seconds: `1.5s`." },
  "google.protobuf.Empty": { type: "{ readonly [field: string]: never }" },
  "google.protobuf.FieldMask": { type: "string", note: "Paths of fields: `displayName,address.city`." },
  "google.protobuf.ListValue": { type: "readonly unknown[]", note: "Any JSON array." },
  "google.protobuf.NullValue": { type: "null" },
  "google.protobuf.Struct": { type: "{ readonly [key: string]: unknown }", note: "Any JSON object." },
  "google.protobuf.Timestamp": { type: "string", note: "A time in RFC 3339 format: `2026-01-31T12:00:00Z`." },
  "google.protobuf.Value": { type: "unknown", note: "Any JSON value." },
};

/** Whether a type has a ProtoJSON form of its own, so that no type is declared for it. */
export function isSpecial(type: DescMessage | DescEnum): boolean {
  return Object.hasOwn(types, type.typeName) || wrappedScalar(type) !== undefined;
}

/** The form of such a type. undefined: it has none, or it is a wrapper. */
export function specialType(type: DescMessage | DescEnum): SpecialType | undefined {
  return Object.hasOwn(types, type.typeName) ? types[type.typeName] : undefined;
}

/** The scalar of a wrapper such as `google.protobuf.StringValue`, whose JSON is that of its value. */
export function wrappedScalar(type: DescMessage | DescEnum): ScalarType | undefined {
  return type.kind === "message" && isWrapperDesc(type) ? type.fields[0]?.scalar : undefined;
}
