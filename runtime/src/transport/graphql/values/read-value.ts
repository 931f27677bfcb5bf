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

/** Makes of what a message holds what GraphQL answers; undefined: it is answered as it is. */
export type Convert = (value: unknown) => unknown;

/** What is known of a contract where values are converted. */
export interface ValueContext {
  /** The names of an enum's values in the schema, by their numbers. */
  names(desc: DescEnum): ReadonlyMap<number, string>;
  /** The types that a google.protobuf.Any can hold. */
  registry(): Registry;
}

/** Integers of 64 bits. */
export const wide: ReadonlySet<ScalarType | undefined> = new Set([
  ScalarType.INT64,
  ScalarType.UINT64,
  ScalarType.SINT64,
  ScalarType.FIXED64,
  ScalarType.SFIXED64,
]);

/** How one value of a field is converted, whether it stands alone, in a list or in a map. `isId`: its type is ID. */
export function convertValue(field: DescField, isId: boolean, context: ValueContext): Convert | undefined {
  if (field.message !== undefined) return convertMessage(field.message, context);
  if (field.enum !== undefined) return convertEnum(field.enum, context);
  return isId && wide.has(field.scalar) ? String : undefined;
}

/** How a message is converted that has a form of its own in JSON. */
export function convertMessage(desc: DescMessage, context: ValueContext): Convert | undefined {
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

/** Some places hold a wrapper's value, others the wrapper. */
function unwrap(value: unknown): unknown {
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return value;
  return "value" in value ? value.value : value;
}

function convertEnum(desc: DescEnum, context: ValueContext): Convert {
  if (desc.typeName === "google.protobuf.NullValue") return () => null;
  const known = context.names(desc);
  return (value) => {
    // ts-proto gives names where it was asked to.
    const number = typeof value === "string" ? desc.values.find(({ name }) => name === value)?.number : value;
    const name = known.get(number as number);
    if (name === undefined) throw lost(`${desc.typeName} has no value ${String(value)} in this schema`);
    return name;
  };
}

/** What an Any of ts-proto or of protobuf-es holds. */
interface Packed {
  readonly typeUrl: string;
  readonly value: Uint8Array;
}

function convertAny(registry: () => Registry): Convert {
  return (value) => {
    const { typeUrl, value: bytes } = value as Packed;
    try {
      return toJson(AnySchema, create(AnySchema, { typeUrl, value: bytes }), { registry: registry() });
    } catch {
      throw lost(`this schema does not know the type ${typeUrl} that an Any holds`);
    }
  };
}

/** What a message holds and the schema cannot say. */
function lost(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: "DATA_LOSS" } });
}
