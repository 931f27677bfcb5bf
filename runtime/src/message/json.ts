import {
  type DescEnum,
  type DescField,
  type DescMessage,
  fromJson,
  type JsonObject,
  type JsonReadOptions,
  type JsonValue,
  type MessageShape,
  ScalarType,
} from "@bufbuild/protobuf";
import { PotterError, type Violation } from "../errors/index.js";
import { ExactNumber, toStrictJson } from "./proto-json/index.js";

/** The limit bounds the cost of a hostile request. More violations help no caller. */
const mostViolations = 20;

/** For an enum with more values, the error contains its name in place of its values. */
const mostListed = 20;

/** The nesting limit of protobuf-es. */
const mostLevels = 100;

/**
 * Reads ProtoJSON strictly. Throws a PotterError `invalid_argument` that names each invalid field and what it expects. The
 * error contains field names of the request, but none of its values.
 */
export function readJson<Schema extends DescMessage>(
  schema: Schema,
  json: JsonValue,
  options?: Partial<JsonReadOptions>,
): MessageShape<Schema> {
  try {
    return readStrict(schema, json, options);
  } catch {
    throw toJsonError(schema, json, options);
  }
}

/** Reads what protobuf-es accepts, except what is not ProtoJSON. Throws an Error that is not meant for the caller. */
function readStrict<Schema extends DescMessage>(
  schema: Schema,
  json: JsonValue,
  options: Partial<JsonReadOptions> | undefined,
): MessageShape<Schema> {
  return fromJson(schema, toStrictJson(schema, json, options?.registry), options);
}

function toJsonError(schema: DescMessage, json: JsonValue, options: Partial<JsonReadOptions> | undefined): PotterError {
  const search = new FaultSearch(options);
  search.message(schema, json, "");
  if (search.found.length === 0) search.add("", "json.invalid", "must be valid ProtoJSON");
  return new PotterError("invalid_argument", `the request is not a valid ${schema.name}`, { violations: search.found });
}

/**
 * Finds the invalid fields by reading each field alone with the same reader, so that only one implementation defines what is
 * valid. Runs for rejected requests only.
 */
class FaultSearch {
  readonly found: Violation[] = [];
  private readonly options: Partial<JsonReadOptions> | undefined;
  private level = 0;

  constructor(options: Partial<JsonReadOptions> | undefined) {
    this.options = options;
  }

  add(field: string, rule: string, message: string): void {
    this.found.push({ field, rule, message });
  }

  message(schema: DescMessage, json: JsonValue, path: string): void {
    this.level++;
    if (this.level > mostLevels) this.add("", "json.depth", `must be nested at most ${mostLevels} levels deep`);
    else this.object(schema, json, path);
    this.level--;
  }

  private object(schema: DescMessage, json: JsonValue, path: string): void {
    const special = specialForms[schema.typeName];
    if (special !== undefined) {
      if (!this.accepts(schema, json)) this.add(path, "json.type", special);
      return;
    }
    if (!isJsonObject(json)) {
      this.add(path, "json.type", "must be a JSON object");
      return;
    }
    const fields = new Map<string, DescField>();
    for (const field of schema.fields) fields.set(field.name, field).set(field.jsonName, field);
    const seen = new Set<unknown>();
    for (const key of Object.keys(json)) {
      if (this.found.length >= mostViolations) return;
      const value = json[key] as JsonValue;
      const field = fields.get(key);
      const here = join(path, field?.name ?? key);
      if (field === undefined) {
        // The key may name an extension.
        if (!this.accepts(schema, { [key]: value }))
          this.add(here, "json.unknown_field", "is not a field of the request");
      } else if (seen.has(field)) {
        this.add(here, "json.duplicate_field", "must be given once");
      } else {
        seen.add(field);
        this.oneof(field, value, here, seen);
        this.field(schema, field, key, value, here);
      }
    }
  }

  private oneof(field: DescField, value: JsonValue, path: string, seen: Set<unknown>): void {
    const { oneof } = field;
    if (oneof === undefined || (field.fieldKind === "scalar" && value === null)) return;
    if (seen.has(oneof)) {
      const names = oneof.fields.map((member) => member.jsonName).join(", ");
      this.add(path, "json.oneof", `only one of ${names} may be given`);
    }
    seen.add(oneof);
  }

  private field(schema: DescMessage, field: DescField, key: string, value: JsonValue, path: string): void {
    if (field.fieldKind === "list") this.list(schema, field, key, value, path);
    else if (field.fieldKind === "map") this.map(schema, field, key, value, path);
    else if (field.message === undefined) this.leaf(schema, field, { [key]: value }, value, path);
    else if (value !== null) this.message(field.message, value, path);
  }

  private list(schema: DescMessage, field: DescField, key: string, value: JsonValue, path: string): void {
    if (value === null) return;
    if (!Array.isArray(value)) {
      this.add(path, "json.type", "must be a JSON array");
      return;
    }
    for (const [index, item] of value.entries()) {
      if (this.full()) return;
      const here = `${path}[${index}]`;
      if (this.descends(field, item)) this.message(field.message as DescMessage, item, here);
      else this.leaf(schema, field, { [key]: [item] }, item, here);
    }
  }

  private map(schema: DescMessage, field: DescField, key: string, value: JsonValue, path: string): void {
    if (value === null) return;
    if (!isJsonObject(value)) {
      this.add(path, "json.type", "must be a JSON object");
      return;
    }
    const before = this.found.length;
    for (const [name, item] of Object.entries(value) as [string, JsonValue][]) {
      if (this.full()) return;
      const here = `${path}[${quote(name)}]`;
      const descends = this.descends(field, item);
      this.leaf(schema, field, { [key]: { [name]: descends ? {} : item } }, item, here);
      if (descends) this.message(field.message as DescMessage, item, here);
    }
    if (this.found.length === before && field.message === undefined && !this.accepts(schema, { [key]: value })) {
      this.add(path, "json.duplicate_key", "must hold each key once");
    }
  }

  /** Whether the value is a message to search field by field. Each value is read once, so the cost is linear. */
  private descends(field: DescField, value: JsonValue): boolean {
    return field.message !== undefined && value !== null && !this.isSpecial(field);
  }

  private isSpecial(field: DescField): boolean {
    return field.message !== undefined && specialForms[field.message.typeName] !== undefined;
  }

  private leaf(schema: DescMessage, field: DescField, whole: JsonValue, value: JsonValue, path: string): void {
    if (this.accepts(schema, whole)) return;
    if (value === null) this.add(path, "json.null", "must not be null");
    else if (this.descends(field, value)) this.add(path, "json.key", "must be a valid key");
    else if (field.message !== undefined)
      this.add(path, "json.type", specialForms[field.message.typeName] ?? "must be valid");
    else if (field.enum !== undefined) this.add(path, "json.type", formOf(field.enum));
    else this.add(path, "json.type", scalarForms[field.scalar as ScalarType]);
  }

  private full(): boolean {
    return this.found.length >= mostViolations;
  }

  private accepts(schema: DescMessage, json: JsonValue): boolean {
    try {
      readStrict(schema, json, this.options);
      return true;
    } catch {
      return false;
    }
  }
}

function isJsonObject(json: JsonValue): json is JsonObject {
  return (
    typeof json === "object" && json !== null && !Array.isArray(json) && !((json as unknown) instanceof ExactNumber)
  );
}

function join(path: string, name: string): string {
  if (!/^[A-Za-z_]\w*$/.test(name)) return `${path}[${quote(name)}]`;
  return path === "" ? name.slice(0, 64) : `${path}.${name.slice(0, 64)}`;
}

function quote(name: string): string {
  return JSON.stringify(name.length > 64 ? `${name.slice(0, 64)}…` : name);
}

const integer = (from: string, to: string): string => `must be a whole number from ${from} to ${to}`;
const int32 = integer("-2147483648", "2147483647");
const uint32 = integer("0", "4294967295");
const int64 = `${integer("-9223372036854775808", "9223372036854775807")}, best as a string`;
const uint64 = `${integer("0", "18446744073709551615")}, best as a string`;

const scalarForms: Readonly<Record<ScalarType, string>> = {
  [ScalarType.DOUBLE]: 'must be a number, "NaN", "Infinity" or "-Infinity"',
  [ScalarType.FLOAT]: 'must be a number in the range of a float, "NaN", "Infinity" or "-Infinity"',
  [ScalarType.INT32]: int32,
  [ScalarType.SINT32]: int32,
  [ScalarType.SFIXED32]: int32,
  [ScalarType.UINT32]: uint32,
  [ScalarType.FIXED32]: uint32,
  [ScalarType.INT64]: int64,
  [ScalarType.SINT64]: int64,
  [ScalarType.SFIXED64]: int64,
  [ScalarType.UINT64]: uint64,
  [ScalarType.FIXED64]: uint64,
  [ScalarType.BOOL]: "must be true or false",
  [ScalarType.STRING]: "must be a string of valid Unicode",
  [ScalarType.BYTES]: "must be a string in base64",
};

/** The types with a special ProtoJSON form. */
const specialForms: Readonly<Record<string, string>> = {
  "google.protobuf.Timestamp": "must be a time of RFC 3339 between the years 1 and 9999, like 2024-05-17T09:30:00Z",
  "google.protobuf.Duration": "must be a number of seconds that ends in s, like 1.5s",
  "google.protobuf.FieldMask": "must be names of fields in lowerCamelCase, separated by commas",
  "google.protobuf.Any": "must be a JSON object with the @type of a known message and its fields",
  "google.protobuf.Struct": "must be a JSON object, nested at most 100 levels deep",
  "google.protobuf.Value": "must be a JSON value, nested at most 100 levels deep",
  "google.protobuf.ListValue": "must be a JSON array, nested at most 100 levels deep",
  "google.protobuf.DoubleValue": scalarForms[ScalarType.DOUBLE],
  "google.protobuf.FloatValue": scalarForms[ScalarType.FLOAT],
  "google.protobuf.Int64Value": int64,
  "google.protobuf.UInt64Value": uint64,
  "google.protobuf.Int32Value": int32,
  "google.protobuf.UInt32Value": uint32,
  "google.protobuf.BoolValue": scalarForms[ScalarType.BOOL],
  "google.protobuf.StringValue": scalarForms[ScalarType.STRING],
  "google.protobuf.BytesValue": scalarForms[ScalarType.BYTES],
};

/** Describes the valid values of an enum: its names if there are few, else the name of the enum. */
function formOf({ name, values }: DescEnum): string {
  if (values.length > mostListed) return `must be a value of ${name}`;
  return `must be one of ${values.map((value) => value.name).join(", ")}`;
}
