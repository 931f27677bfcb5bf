import { type DescField, type DescMessage, type JsonObject, type JsonValue, ScalarType } from "@bufbuild/protobuf";
import { isWrapperDesc } from "@bufbuild/protobuf/wkt";

/** How a string from a path or a query becomes part of a request's ProtoJSON. */
export interface FieldBinding {
  /** The fields from the request down to the bound one. */
  readonly fields: readonly DescField[];
  /** The same path in proto names, dotted. */
  readonly path: string;
  readonly repeated: boolean;
  /** Reads a string as ProtoJSON. An invalid value stays a string, so that the codec reports what it expects. */
  read(text: string): JsonValue;
}

/** Messages that ProtoJSON writes as one string. */
const strings = [
  "google.protobuf.Timestamp",
  "google.protobuf.Duration",
  "google.protobuf.FieldMask",
  "google.protobuf.Value",
];

/**
 * Finds the field at a dotted path of proto or JSON names. Returns undefined if there is none, or if a string cannot hold its
 * value: maps, messages, and fields behind a repeated field.
 */
export function bindField(schema: DescMessage, path: string): FieldBinding | undefined {
  const fields = findFields(schema, path);
  const leaf = fields?.[fields.length - 1];
  const read = leaf && readerOf(leaf);
  if (fields === undefined || read === undefined) return undefined;
  return { fields, path: pathOf(fields), repeated: leaf?.fieldKind === "list", read };
}

/** Finds the map at a dotted path, if strings can hold its values. `read` reads one of them. */
export function bindMap(schema: DescMessage, path: string): FieldBinding | undefined {
  const fields = findFields(schema, path);
  const leaf = fields?.[fields.length - 1];
  if (fields === undefined || leaf?.fieldKind !== "map" || leaf.mapKind === "message") return undefined;
  const read = leaf.mapKind === "enum" ? readEnum : readerOfScalar(leaf.scalar);
  return { fields, path: pathOf(fields), repeated: false, read };
}

function pathOf(fields: readonly DescField[]): string {
  return fields.map((field) => field.name).join(".");
}

function findFields(schema: DescMessage, path: string): readonly DescField[] | undefined {
  const fields: DescField[] = [];
  let message: DescMessage | undefined = schema;
  for (const name of path.split(".")) {
    const field: DescField | undefined = message?.fields.find((one) => one.name === name || one.jsonName === name);
    if (field === undefined) return undefined;
    fields.push(field);
    message = field.fieldKind === "message" && readerOf(field) === undefined ? field.message : undefined;
  }
  return fields;
}

function readerOf(field: DescField): ((text: string) => JsonValue) | undefined {
  if (field.fieldKind === "map") return undefined;
  if (field.enum !== undefined) return readEnum;
  if (field.scalar !== undefined) return readerOfScalar(field.scalar);
  const message = field.message as DescMessage;
  if (isWrapperDesc(message)) return readerOfScalar(message.fields[0]?.scalar as ScalarType);
  if (!strings.includes(message.typeName)) return undefined;
  // A plus that was not encoded arrives as a space, and no timestamp contains spaces.
  return message.typeName === "google.protobuf.Timestamp" ? spacesToPluses : (text) => text;
}

function readEnum(text: string): JsonValue {
  return /^-?\d+$/.test(text) ? Number(text) : text;
}

function readerOfScalar(type: ScalarType): (text: string) => JsonValue {
  if (type === ScalarType.BOOL) return (text) => (text === "true" ? true : text === "false" ? false : text);
  return type === ScalarType.BYTES ? spacesToPluses : (text) => text;
}

function spacesToPluses(text: string): string {
  return text.replaceAll(" ", "+");
}

/** Sets a bound field. Returns false if the JSON has another value for it. */
export function setField(json: JsonObject, { fields }: FieldBinding, value: JsonValue): boolean {
  const last = fields.length - 1;
  const object = enter(json, fields, last);
  if (object === undefined) return false;
  const leaf = fields[last] as DescField;
  const key = keyOf(object, leaf);
  const present = Object.hasOwn(object, key) ? object[key] : undefined;
  if (present !== undefined && !isUnset(leaf, present) && !isSame(leaf, present, value)) return false;
  setOwn(object, key, value);
  return true;
}

/** Sets an entry of a bound map. Returns false if the map has that key. */
export function setEntry(json: JsonObject, { fields }: FieldBinding, key: string, value: JsonValue): boolean {
  const map = enter(json, fields, fields.length);
  if (map === undefined || Object.hasOwn(map, key)) return false;
  setOwn(map, key, value);
  return true;
}

/** Returns the object at the end of a field path, and creates missing ones. Returns undefined if another value is there. */
function enter(json: JsonObject, fields: readonly DescField[], depth: number): JsonObject | undefined {
  let object = json;
  for (let i = 0; i < depth; i++) {
    const key = keyOf(object, fields[i] as DescField);
    const next = Object.hasOwn(object, key) ? object[key] : undefined;
    if (next === undefined || next === null) {
      const made: JsonObject = {};
      setOwn(object, key, made);
      object = made;
    } else if (typeof next === "object" && !Array.isArray(next)) {
      object = next;
    } else {
      return undefined;
    }
  }
  return object;
}

/** Returns the name that the JSON uses for a field: its JSON name or its proto name. */
function keyOf(object: JsonObject, field: DescField): string {
  return !Object.hasOwn(object, field.jsonName) && Object.hasOwn(object, field.name) ? field.name : field.jsonName;
}

function setOwn(object: JsonObject, key: string, value: JsonValue): void {
  if (key === "__proto__")
    Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
  else object[key] = value;
}

/** Clients that write every field send an empty value for a field that the path sets. */
function isUnset(field: DescField, value: JsonValue): boolean {
  if (value === null) return true;
  return field.presence === implicit && (value === "" || value === 0 || value === "0" || value === false);
}

// google.protobuf.FeatureSet.FieldPresence.IMPLICIT
const implicit = 2;

function isSame(field: DescField, a: JsonValue, b: JsonValue): boolean {
  if (typeof a === "object" || typeof b === "object") return false;
  if (field.enum === undefined) return String(a) === String(b);
  const number = (value: JsonValue) => field.enum?.values.find((one) => one.name === value)?.number ?? value;
  return number(a) === number(b);
}
