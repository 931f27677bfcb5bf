import { type DescField, type DescMessage, ScalarType } from "@bufbuild/protobuf";
import { isWrapperDesc } from "@bufbuild/protobuf/wkt";
import { ExactNumber } from "./exact-number.js";
import { fallback } from "./fallback.js";
import { compileReadEnum } from "./read-enum.js";
import { compileReadScalar, isUnicode } from "./read-scalar.js";
import { readDuration, readTimestamp } from "./read-time.js";

/** Reads a JSON value that is neither null nor undefined, in a message at a depth that counts from 1. */
export type ReadField = (json: unknown, depth: number) => unknown;

/** Returns the reader of a message. It may be incomplete until compilation ends, since messages may be recursive. */
export type FindReader = (schema: DescMessage) => { read(json: unknown, depth: number): unknown };

/** Returns the reader of the values of a field. */
export function compileReadField(field: DescField, find: FindReader): ReadField {
  switch (field.fieldKind) {
    case "list":
      return compileReadList(compileReadElement(field, field.listKind, find));
    case "map":
      return compileReadMap(field.mapKey, compileReadElement(field, field.mapKind, find));
    default:
      return compileReadElement(field, field.fieldKind, find);
  }
}

/** Returns the reader of one value of a field: of an item of a list, or of a value of a map. */
export function compileReadElement(field: DescField, kind: "scalar" | "enum" | "message", find: FindReader): ReadField {
  if (kind === "message") return compileReadMessage(field, field.message as DescMessage, find);
  if (field.enum !== undefined) return compileReadEnum(field.enum);
  return compileReadScalar(field.scalar as ScalarType, "longAsString" in field && field.longAsString);
}

function compileReadMessage(field: DescField, schema: DescMessage, find: FindReader): ReadField {
  if (schema.typeName === "google.protobuf.Timestamp") return readTimestamp;
  if (schema.typeName === "google.protobuf.Duration") return readDuration;
  if (isWrapperDesc(schema)) {
    const [value] = schema.fields;
    // Only a singular field outside of a oneof holds the unwrapped value.
    if (field.fieldKind !== "message" || field.oneof !== undefined || value?.fieldKind !== "scalar")
      return () => fallback;
    return compileReadScalar(value.scalar, value.longAsString);
  }
  const reader = find(schema);
  return (json, depth) => reader.read(json, depth + 1);
}

function compileReadList(readItem: ReadField): ReadField {
  return (json, depth) => {
    if (!Array.isArray(json)) return fallback;
    const list: unknown[] = [];
    for (let i = 0; i < json.length; i++) {
      const item = readItem(json[i], depth);
      if (item === fallback) return fallback;
      list.push(item);
    }
    return list;
  };
}

function compileReadMap(keyType: ScalarType, readValue: ReadField): ReadField {
  const isKey = compileIsKey(keyType);
  return (json, depth) => {
    if (typeof json !== "object" || json === null || Array.isArray(json) || json instanceof ExactNumber)
      return fallback;
    const map: Record<string, unknown> = {};
    for (const key of Object.keys(json)) {
      // An assignment to __proto__ would set the prototype.
      if (key === "__proto__" || !isKey(key)) return fallback;
      const value = readValue((json as Readonly<Record<string, unknown>>)[key], depth);
      if (value === fallback) return fallback;
      map[key] = value;
    }
    return map;
  };
}

/** Whether a key is certainly valid and in its canonical form, so that no two keys have the same value. */
function compileIsKey(type: ScalarType): (key: string) => boolean {
  if (type === ScalarType.STRING) return isUnicode;
  if (type === ScalarType.BOOL) return (key) => key === "true" || key === "false";
  const read = compileReadScalar(type, false);
  return (key) => read(key) !== fallback;
}
