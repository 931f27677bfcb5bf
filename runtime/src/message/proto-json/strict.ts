import {
  type DescField,
  type DescMessage,
  type JsonObject,
  type JsonValue,
  type Registry,
  ScalarType,
} from "@bufbuild/protobuf";
import { isWrapperDesc } from "@bufbuild/protobuf/wkt";
import { ExactNumber } from "./exact-number.js";
import { mostLevels } from "./fallback.js";
import { base64 } from "./read-scalar.js";
import { isTimestamp } from "./read-time.js";

/**
 * Checks ProtoJSON before protobuf-es reads it, since that accepts some values outside of the format: invalid calendar days,
 * hexadecimal and padded numbers, a duration with trailing text. Throws for such a value. Returns the same JSON, with every
 * `ExactNumber` in the form that its field reads. All other checks are left to protobuf-es.
 */
export function toStrictJson(schema: DescMessage, json: JsonValue, registry: Registry | undefined): JsonValue {
  return new StrictForm(registry).message(schema, json, 1);
}

type Scalars = Readonly<Partial<Record<ScalarType, RegExp>>>;

// At most 1,000 digits, more than every integer and every double needs: to read an integer takes more than linear time.
const number = /^-?(?:0|[1-9]\d{0,999})(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const float = /^(?:-?(?:0|[1-9]\d{0,999})(?:\.\d+)?(?:[eE][+-]?\d+)?|NaN|-?Infinity)$/;

/** The valid text forms of scalars. For other types, protobuf-es is strict enough. */
const forms: Scalars = {
  [ScalarType.DOUBLE]: float,
  [ScalarType.FLOAT]: float,
  [ScalarType.INT32]: number,
  [ScalarType.SINT32]: number,
  [ScalarType.SFIXED32]: number,
  [ScalarType.UINT32]: number,
  [ScalarType.FIXED32]: number,
  [ScalarType.INT64]: number,
  [ScalarType.SINT64]: number,
  [ScalarType.SFIXED64]: number,
  [ScalarType.UINT64]: number,
  [ScalarType.FIXED64]: number,
  [ScalarType.BYTES]: base64,
};

const longs: ReadonlySet<ScalarType | undefined> = new Set([
  ScalarType.INT64,
  ScalarType.SINT64,
  ScalarType.SFIXED64,
  ScalarType.UINT64,
  ScalarType.FIXED64,
]);

const duration = /^-?\d{1,20}(?:\.\d{1,9})?s$/;

class StrictForm {
  private readonly registry: Registry | undefined;

  constructor(registry: Registry | undefined) {
    this.registry = registry;
  }

  message(schema: DescMessage, json: JsonValue, depth: number): JsonValue {
    if (depth > mostLevels) throw new Error("nested too deeply");
    switch (schema.typeName) {
      case "google.protobuf.Timestamp":
        if (typeof json === "string" && !isTimestamp(json)) throw new Error("not a time");
        return json;
      case "google.protobuf.Duration":
        if (typeof json === "string" && !duration.test(json)) throw new Error("not a duration");
        return json;
      case "google.protobuf.Any":
        return this.any(json, depth);
      case "google.protobuf.Struct":
      case "google.protobuf.Value":
      case "google.protobuf.ListValue":
        return toNumbers(json, depth);
      default:
        return isWrapperDesc(schema) ? this.element(schema.fields[0], json, depth) : this.fields(schema, json, depth);
    }
  }

  /** The fields of an Any's message are next to its `@type`, or under `value` if the message has a special JSON form. */
  private any(json: JsonValue, depth: number): JsonValue {
    if (!isObject(json)) return json;
    const type = json["@type"];
    const name = typeof type === "string" ? type.slice(type.lastIndexOf("/") + 1) : "";
    const schema = this.registry?.getMessage(name);
    if (schema === undefined) return toNumbers(json, depth);
    if (schema.typeName.startsWith("google.protobuf.") && "value" in json) {
      return mapObject(json, (key, value) => (key === "value" ? this.message(schema, value, depth + 1) : value));
    }
    return this.fields(schema, json, depth + 1);
  }

  private fields(schema: DescMessage, json: JsonValue, depth: number): JsonValue {
    if (!isObject(json)) return toPlain(json);
    const fields = fieldsByName(schema);
    return mapObject(json, (key, value) => {
      const field = fields.get(key) ?? this.extension(key);
      return field === undefined ? toNumbers(value, depth) : this.field(field, value, depth);
    });
  }

  private extension(key: string): DescField | undefined {
    return (key.startsWith("[") ? this.registry?.getExtension(key.slice(1, -1)) : undefined) as DescField | undefined;
  }

  private field(field: DescField, json: JsonValue, depth: number): JsonValue {
    if (field.fieldKind === "list" && Array.isArray(json)) {
      return mapArray(json, (item) => this.element(field, item, depth));
    }
    if (field.fieldKind === "map" && isObject(json)) {
      const form = forms[field.mapKey];
      return mapObject(json, (key, value) => {
        if (form !== undefined && !form.test(key)) throw new Error("not a key");
        return this.element(field, value, depth);
      });
    }
    return this.element(field, json, depth);
  }

  private element(field: DescField | undefined, json: JsonValue, depth: number): JsonValue {
    if (field?.message !== undefined) return this.message(field.message, json, depth + 1);
    if (typeof json === "string") {
      const form = forms[field?.scalar as ScalarType];
      if (form !== undefined && !form.test(json)) throw new Error("not a number");
      // A 64-bit field that is a string in JavaScript would keep "-0", which is not the canonical form of an integer.
      return json === "-0" && longs.has(field?.scalar) ? "0" : json;
    }
    if (json instanceof ExactNumber) return longs.has(field?.scalar) ? json.toDigits() : json.toNumber();
    return json;
  }
}

const names = new WeakMap<DescMessage, ReadonlyMap<string, DescField>>();

function fieldsByName(schema: DescMessage): ReadonlyMap<string, DescField> {
  let known = names.get(schema);
  if (known === undefined) {
    known = new Map(schema.fields.flatMap((field) => [[field.name, field] as const, [field.jsonName, field] as const]));
    names.set(schema, known);
  }
  return known;
}

/** Converts JSON without a schema, whose numbers are doubles. */
function toNumbers(json: JsonValue, depth: number): JsonValue {
  if (depth > mostLevels + 1) throw new Error("nested too deeply");
  if (Array.isArray(json)) return mapArray(json, (item) => toNumbers(item, depth + 1));
  return isObject(json) ? mapObject(json, (_, value) => toNumbers(value, depth + 1)) : toPlain(json);
}

function toPlain(json: JsonValue): JsonValue {
  return json instanceof ExactNumber ? json.toNumber() : json;
}

function isObject(json: JsonValue): json is JsonObject {
  return (
    typeof json === "object" && json !== null && !Array.isArray(json) && !((json as unknown) instanceof ExactNumber)
  );
}

/** Returns the same array if nothing changes. */
function mapArray(json: readonly JsonValue[], change: (item: JsonValue) => JsonValue): JsonValue {
  let copy: JsonValue[] | undefined;
  for (const [index, item] of json.entries()) {
    const next = change(item);
    if (next === item) continue;
    copy ??= [...json];
    copy[index] = next;
  }
  return copy ?? (json as JsonValue);
}

/** Returns the same object if nothing changes. */
function mapObject(json: JsonObject, change: (key: string, value: JsonValue) => JsonValue): JsonValue {
  let copy: JsonObject | undefined;
  for (const key of Object.keys(json)) {
    const value = json[key] as JsonValue;
    const next = change(key, value);
    if (next === value) continue;
    copy ??= { ...json };
    // An assignment to __proto__ would set the prototype.
    Object.defineProperty(copy, key, { value: next, enumerable: true, configurable: true, writable: true });
  }
  return copy ?? json;
}
