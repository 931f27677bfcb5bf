import { type DescField, type DescMessage, ScalarType } from "@bufbuild/protobuf";
import type { Diagnostics } from "../diagnostics/index.js";
import { readFieldOptions } from "./roles.js";

const idTypes: ReadonlySet<ScalarType | undefined> = new Set([
  ScalarType.STRING,
  ScalarType.INT32,
  ScalarType.INT64,
  ScalarType.UINT32,
  ScalarType.UINT64,
  ScalarType.SINT32,
  ScalarType.SINT64,
  ScalarType.FIXED32,
  ScalarType.FIXED64,
  ScalarType.SFIXED32,
  ScalarType.SFIXED64,
]);

/** The field that is marked as id, or else the first of the given names that there is. Its type is checked. */
export function findIdField(
  message: DescMessage,
  names: readonly string[],
  diagnostics: Diagnostics,
): DescField | undefined {
  const marked = message.fields.filter((field) => readFieldOptions(field)?.id === true);
  if (marked.length > 1) {
    diagnostics.report("two-ids", { desc: message }, message.name, marked.map(({ name }) => name).join(", "));
  }
  const named = names.flatMap((name) => message.fields.find((field) => field.name === name) ?? []);
  const field = marked[0] ?? named[0];
  if (field !== undefined && !isIdType(field)) {
    diagnostics.report("id-type", { desc: field }, `${message.name}.${field.name}`);
  }
  return field;
}

/** The field that names the tenant of a request. */
export function findTenantField(message: DescMessage, diagnostics: Diagnostics): DescField | undefined {
  const field = message.fields.find((candidate) => readFieldOptions(candidate)?.tenant === true);
  if (field === undefined) return undefined;
  if (field.fieldKind === "scalar" && field.scalar === ScalarType.STRING && field.oneof === undefined) return field;
  diagnostics.report("tenant-type", { desc: field }, `${message.name}.${field.name}`);
  return undefined;
}

/** Whether a field can name something: a singular text or integer, outside of any oneof. */
export function isIdType(field: DescField): boolean {
  return field.fieldKind === "scalar" && idTypes.has(field.scalar) && field.oneof === undefined;
}
