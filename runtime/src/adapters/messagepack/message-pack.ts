import type { JsonValue } from "@bufbuild/protobuf";
import { base64Encode } from "@bufbuild/protobuf/wire";
import { Decoder, Encoder, ExtData } from "@msgpack/msgpack";
import { type BodyFormat, HttpError } from "../../http/index.js";
import { checkShape } from "./check-shape.js";

const mediaTypes = ["application/vnd.msgpack", "application/msgpack", "application/x-msgpack"];

/**
 * Creates the MessagePack format for `rest({ formats: [messagePack()] })`. Values are those of ProtoJSON. Requests may also have raw
 * bytes, MessagePack timestamps and 64-bit integers as numbers. Responses have the same values as JSON.
 */
export function messagePack(): BodyFormat {
  const encoder = new Encoder({ ignoreUndefined: true });
  return { mediaTypes, read, write: (value) => encoder.encode(value) };
}

function read(bytes: Uint8Array, maxDepth: number): JsonValue {
  const shape = checkShape(bytes, maxDepth);
  if (shape === "too deep") throw refuse(`the body is nested more than ${maxDepth} levels deep`);
  if (shape === "broken") throw refuse("the body is not valid MessagePack");
  let keys = 0;
  const decoder = new Decoder({
    useBigInt64: true,
    mapKeyConverter(key) {
      keys++;
      if (typeof key === "string") return key;
      throw new TypeError("a key is not a string");
    },
  });
  let value: unknown;
  try {
    value = decoder.decode(bytes);
  } catch {
    throw refuse("the body is not valid MessagePack with strings as keys");
  }
  const counted = { keys: 0 };
  const json = toJson(value, counted);
  if (counted.keys !== keys) throw refuse("an object of the body has a duplicate key");
  return json;
}

function refuse(message: string): HttpError {
  return new HttpError(400, "invalid_argument", message);
}

/** Converts a value to ProtoJSON. */
function toJson(value: unknown, counted: { keys: number }): JsonValue {
  // A number while it is exact: in a google.protobuf.Value, a string would be another value.
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (typeof value === "number") return Number.isFinite(value) ? value : String(value);
  if (typeof value !== "object" || value === null) return value as JsonValue;
  if (Array.isArray(value)) return value.map((item) => toJson(item, counted));
  if (value instanceof Uint8Array) return base64Encode(value);
  if (value instanceof Date) return toTimestamp(value);
  if (value instanceof ExtData) throw refuse("the body has an extension other than the timestamp");
  const object = value as Record<string, unknown>;
  for (const key of Object.keys(object)) {
    counted.keys++;
    object[key] = toJson(object[key], counted);
  }
  return object as JsonValue;
}

function toTimestamp(date: Date): string {
  if (Number.isNaN(date.getTime())) throw refuse("a timestamp of the body is out of range");
  return date.toISOString();
}
