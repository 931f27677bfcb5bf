import { type DescEnum, type DescField, ScalarType } from "@bufbuild/protobuf";
import type { Schema } from "../keywords/index.js";
import { rangeOf } from "./number-schema.js";

/** The ProtoJSON of the zero value of a field. */
export function zeroOf(field: DescField): unknown {
  if (field.fieldKind === "list") return [];
  if (field.fieldKind === "map") return {};
  if (field.enum !== undefined) return zeroOfEnum(field.enum);
  return zeroOfScalar(field.scalar ?? ScalarType.STRING);
}

export function zeroOfEnum(desc: DescEnum): string | null {
  if (desc.typeName === "google.protobuf.NullValue") return null;
  return desc.values.find(({ number }) => number === 0)?.name ?? desc.values[0]?.name ?? "";
}

export function zeroOfScalar(type: ScalarType): unknown {
  if (type === ScalarType.BOOL) return false;
  if (type === ScalarType.STRING || type === ScalarType.BYTES) return "";
  return rangeOf(type)?.format.endsWith("64") === true ? "0" : 0;
}

/** Whether a schema accepts a value. References are assumed to accept their zero value. */
export function admits(schema: Schema, value: unknown): boolean {
  const { anyOf, allOf, not } = schema as { anyOf?: Schema[]; allOf?: Schema[]; not?: Schema };
  return (
    (anyOf === undefined || anyOf.some((one) => admits(one, value))) &&
    (allOf === undefined || allOf.every((one) => admits(one, value))) &&
    (not === undefined || !admits(not, value)) &&
    (schema.const === undefined || schema.const === value) &&
    (schema.enum === undefined || schema.enum.includes(value)) &&
    admitsText(schema, value) &&
    admitsNumber(schema, value) &&
    size(value) >= (schema.minItems ?? schema.minProperties ?? 0)
  );
}

function admitsText({ type, minLength = 0, pattern }: Schema, value: unknown): boolean {
  if (typeof value !== "string") return type !== "string";
  if (type !== undefined && type !== "string") return false;
  return value.length >= minLength && (pattern === undefined || new RegExp(pattern, "u").test(value));
}

function admitsNumber(schema: Schema, value: unknown): boolean {
  if (typeof value !== "number") return true;
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = schema;
  return (
    (minimum === undefined || value >= minimum) &&
    (maximum === undefined || value <= maximum) &&
    (exclusiveMinimum === undefined || value > exclusiveMinimum) &&
    (exclusiveMaximum === undefined || value < exclusiveMaximum)
  );
}

function size(value: unknown): number {
  if (Array.isArray(value)) return value.length;
  return typeof value === "object" && value !== null ? Object.keys(value).length : Number.POSITIVE_INFINITY;
}
