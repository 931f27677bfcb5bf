import {
  create,
  type DescEnum,
  type DescField,
  type DescMessage,
  isMessage,
  type Registry,
  ScalarType,
  toJson,
} from "@bufbuild/protobuf";
import { AnySchema, isWrapperDesc, ListValueSchema, StructSchema, ValueSchema } from "@bufbuild/protobuf/wkt";
import { GraphQLError } from "graphql";

/** Converts a value of a message to its GraphQL value. */
export type ConvertValue = (value: unknown) => unknown;

/** What converting values needs of the contract. */
export interface ValueContext {
  /** Names of the values of an enum in the schema, by number. */
  names(desc: DescEnum): ReadonlyMap<number, string>;
  /** The types that a google.protobuf.Any may contain. */
  registry(): Registry;
}

/** 64-bit integer types. */
export const wideIntegers: ReadonlySet<ScalarType | undefined> = new Set([
  ScalarType.INT64,
  ScalarType.UINT64,
  ScalarType.SINT64,
  ScalarType.FIXED64,
  ScalarType.SFIXED64,
]);

/** Compiles the conversion of one value of a field, single or in a list or map. undefined: none is needed. */
export function convertValue(field: DescField, isId: boolean, context: ValueContext): ConvertValue | undefined {
  if (field.message !== undefined) return convertMessage(field.message, context);
  if (field.enum !== undefined) return convertEnum(field.enum, context);
  return isId && wideIntegers.has(field.scalar) ? String : undefined;
}

/** Compiles the conversion of a message with a special JSON form. undefined: the message has none. */
export function convertMessage(desc: DescMessage, context: ValueContext): ConvertValue | undefined {
  if (isWrapperDesc(desc)) return unwrap;
  switch (desc.typeName) {
    case "google.protobuf.Struct":
      return (value) => (isMessage(value, StructSchema) ? toJson(StructSchema, value) : value);
    case "google.protobuf.Value":
      return (value) => (isMessage(value, ValueSchema) ? toJson(ValueSchema, value) : value);
    case "google.protobuf.ListValue":
      return (value) => (isMessage(value, ListValueSchema) ? toJson(ListValueSchema, value) : value);
    case "google.protobuf.Any":
      return convertAny(() => context.registry());
  }
  return undefined;
}

/** Messages contain either the value of a wrapper or the wrapper. */
function unwrap(value: unknown): unknown {
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return value;
  return "value" in value ? value.value : value;
}

function convertEnum(desc: DescEnum, context: ValueContext): ConvertValue {
  if (desc.typeName === "google.protobuf.NullValue") return () => null;
  const known = context.names(desc);
  return (value) => {
    // ts-proto uses names with an option.
    const number = typeof value === "string" ? desc.values.find(({ name }) => name === value)?.number : value;
    const name = known.get(number as number);
    if (name === undefined) throw lost(`${desc.typeName} has no value ${String(value)} in this schema`);
    return name;
  };
}

/** The common fields of an Any of ts-proto and of protobuf-es. */
interface Packed {
  readonly typeUrl: string;
  readonly value: Uint8Array;
}

function convertAny(registry: () => Registry): ConvertValue {
  return (value) => {
    const { typeUrl, value: bytes } = value as Packed;
    try {
      return toJson(AnySchema, create(AnySchema, { typeUrl, value: bytes }), { registry: registry() });
    } catch {
      throw lost(`an Any contains ${typeUrl}, a type that this schema does not know`);
    }
  };
}

/** An error for a value that the schema cannot represent. */
function lost(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: "DATA_LOSS" } });
}
