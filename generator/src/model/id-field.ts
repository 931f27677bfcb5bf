import { type DescField, type DescMessage, ScalarType } from "@bufbuild/protobuf";
import type { Diagnostics } from "../diagnostics/index.js";
import type { HttpBindingModel } from "./model.js";
import { readFieldOptions } from "./roles.js";
import { findUpdate } from "./update.js";

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

/** Finds the field that is marked as id, or else the first field with one of the given names. Reports an invalid type. */
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

/**
 * Finds the path of fields from a request to the id of the addressed aggregate: a field of the request itself, or one in a message
 * that a path variable binds or that an update contains (AIP-134). Empty: there is no id.
 */
export function findIdPath(
  request: DescMessage,
  name: string,
  http: readonly HttpBindingModel[],
  diagnostics: Diagnostics,
): readonly DescField[] {
  const own = findIdField(request, [name], diagnostics);
  if (own !== undefined) return [own];
  const variables = http.flatMap(({ segments }) =>
    segments.flatMap((one) => (typeof one === "string" ? [] : one.field)),
  );
  const bound = variables.map((path) => readPath(request, path.split("."))).filter((path) => path.length > 1);
  const found = bound.find((path) => isIdOf(path.at(-1), name)) ?? findInUpdate(request, name, http);
  const id = found?.at(-1);
  if (id !== undefined && !isIdType(id)) diagnostics.report("id-type", { desc: id }, `${id.parent.name}.${id.name}`);
  return found ?? [];
}

function findInUpdate(request: DescMessage, name: string, http: readonly HttpBindingModel[]) {
  const resource = findUpdate(request, http)?.resource;
  const fields = resource?.message.fields ?? [];
  const id =
    fields.find((field) => readFieldOptions(field)?.id === true) ?? fields.find((field) => field.name === name);
  return resource && id && [resource, id];
}

/** Resolves a path to its fields. Empty: a field does not exist, or is part of a oneof. */
function readPath(request: DescMessage, path: readonly string[]): readonly DescField[] {
  const fields: DescField[] = [];
  let message: DescMessage | undefined = request;
  for (const name of path) {
    const field: DescField | undefined = message?.fields.find((one) => one.name === name);
    if (field === undefined || field.oneof !== undefined) return [];
    fields.push(field);
    message = field.fieldKind === "message" ? field.message : undefined;
  }
  return fields;
}

function isIdOf(field: DescField | undefined, name: string): boolean {
  return field !== undefined && (field.name === name || readFieldOptions(field)?.id === true);
}

/** Finds the field that identifies the tenant of a request. Reports an invalid type. */
export function findTenantField(message: DescMessage, diagnostics: Diagnostics): DescField | undefined {
  const field = message.fields.find((candidate) => readFieldOptions(candidate)?.tenant === true);
  if (field === undefined) return undefined;
  if (field.fieldKind === "scalar" && field.scalar === ScalarType.STRING && field.oneof === undefined) return field;
  diagnostics.report("tenant-type", { desc: field }, `${message.name}.${field.name}`);
  return undefined;
}

/** Returns whether a field can be an id: a singular string or integer outside of any oneof. */
export function isIdType(field: DescField): boolean {
  return field.fieldKind === "scalar" && idTypes.has(field.scalar) && field.oneof === undefined;
}
