import type { DescField, DescMessage, JsonValue } from "@bufbuild/protobuf";
import { readFieldMarks } from "./field-marks.js";
import { findBelow } from "./find-below.js";

/** Whether a message contains a field that the contract marks as personal, at any depth. */
export const holdsPersonal: (schema: DescMessage) => boolean = findBelow(({ fields }) =>
  fields.some((field) => readFieldMarks(field).personal),
);

/** Removes the fields that the contract marks as personal from the ProtoJSON of a message, at any depth. */
export function withoutPersonal(schema: DescMessage, json: JsonValue): JsonValue {
  if (typeof json !== "object" || json === null || Array.isArray(json)) return json;
  const kept: { [name: string]: JsonValue } = {};
  for (const [name, value] of Object.entries(json)) {
    const field = schema.fields.find((candidate) => candidate.jsonName === name);
    // A key that is not a field belongs to a well-known type with a special JSON form.
    if (field === undefined) kept[name] = value;
    else if (!readFieldMarks(field).personal) kept[name] = withoutPersonalField(field, value);
  }
  return kept;
}

function withoutPersonalField({ fieldKind, message }: DescField, value: JsonValue): JsonValue {
  if (message === undefined) return value;
  if (fieldKind === "list" && Array.isArray(value)) return value.map((item) => withoutPersonal(message, item));
  if (fieldKind === "map" && typeof value === "object" && value !== null && !Array.isArray(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutPersonal(message, item)]));
  }
  return withoutPersonal(message, value);
}
