// Schemas of fields in paths and queries, whose texts the REST transport reads as ProtoJSON.
import type { DescField } from "@bufbuild/protobuf";
import { isWrapperDesc } from "@bufbuild/protobuf/wkt";
import { fieldSchema, isRequired, type References, type Schema } from "../../../json-schema/index.js";

/** The messages whose ProtoJSON the REST transport reads from a text. */
const texts: readonly string[] = [
  "google.protobuf.Timestamp",
  "google.protobuf.Duration",
  "google.protobuf.FieldMask",
  "google.protobuf.Value",
];

/** The messages whose ProtoJSON is not an object of their fields, so that no parameter addresses a field of theirs. */
const opaque: readonly string[] = [
  ...texts,
  "google.protobuf.Any",
  "google.protobuf.Empty",
  "google.protobuf.ListValue",
  "google.protobuf.Struct",
];

/** Whether a parameter can hold the field: its value, its items or the values of its map are texts. */
export function isText(field: DescField): boolean {
  if (field.fieldKind === "map") return field.mapKind !== "message";
  const { message } = field;
  return message === undefined || isWrapperDesc(message) || texts.includes(message.typeName);
}

/** Whether parameters address the fields of a message. */
export function hasParameters({ typeName }: { readonly typeName: string }): boolean {
  return !opaque.includes(typeName);
}

/** The schema of a field in a parameter, and whether it is required. */
export function textSchema(field: DescField, references: References): { schema: Schema; required: boolean } {
  const { examples, default: initial, ...schema } = fieldSchema(field, asTexts(references)).schema;
  const [example] = ((examples ?? []) as readonly unknown[]).map((one) => toText(field, one));
  const byDefault = toText(field, initial);
  return {
    schema: {
      ...withoutNull(schema),
      ...(byDefault !== undefined && { default: byDefault }),
      ...(example !== undefined && { examples: [example] }),
    },
    required: isRequired(field, references.direction, references.facts),
  };
}

/** References to types in parameters. Types whose JSON is not always a text have a different schema there. */
function asTexts(references: References): References {
  return {
    ...references,
    message: (desc) => (isValue(desc) ? { type: "string" } : references.message(desc)),
    enumeration: (desc) =>
      isNullValue(desc) ? { type: "string", enum: ["NULL_VALUE"] } : references.enumeration(desc),
  };
}

/** Converts an example to parameter values; undefined if that is impossible. */
function toText(field: DescField, value: unknown): unknown {
  if (value === undefined) return undefined;
  if (field.fieldKind === "list" && Array.isArray(value)) {
    const items = value.map((item) => toTextValue(field, item));
    return items.includes(undefined) ? undefined : items;
  }
  if (field.fieldKind === "map" && typeof value === "object" && value !== null) {
    const entries = Object.entries(value).map(([key, item]) => [key, toTextValue(field, item)] as const);
    return entries.some(([, item]) => item === undefined) ? undefined : Object.fromEntries(entries);
  }
  return toTextValue(field, value);
}

function toTextValue({ enum: type, message }: DescField, value: unknown): unknown {
  if (type !== undefined && isNullValue(type)) return "NULL_VALUE";
  if (message !== undefined && isValue(message)) return typeof value === "string" ? value : undefined;
  return value === null ? undefined : value;
}

function isValue({ typeName }: { readonly typeName: string }): boolean {
  return typeName === "google.protobuf.Value";
}

function isNullValue({ typeName }: { readonly typeName: string }): boolean {
  return typeName === "google.protobuf.NullValue";
}

/** Parameters cannot be null. */
function withoutNull(schema: Schema): Schema {
  if (Array.isArray(schema.type)) {
    const [type] = schema.type.filter((one) => one !== "null");
    return { ...schema, ...(type !== undefined && { type }) };
  }
  const branches = schema.anyOf as readonly Schema[] | undefined;
  if (branches?.some(({ type }) => type === "null") !== true) return schema;
  const left = branches.filter(({ type }) => type !== "null");
  const { anyOf: _branches, ...rest } = schema;
  return left.length === 1 ? { ...rest, ...left[0] } : { ...rest, anyOf: left };
}
