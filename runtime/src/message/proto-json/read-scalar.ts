import { ScalarType } from "@bufbuild/protobuf";
import { base64Decode } from "@bufbuild/protobuf/wire";
import { type Fallback, fallback } from "./fallback.js";

/** Base64 in the standard or URL-safe alphabet, with or without padding. */
export const base64: RegExp = /^[A-Za-z0-9+/_-]*={0,2}$/;

/** Reads a JSON value that is neither null nor undefined. */
export type ReadValue = (json: unknown) => unknown;

const { isWellFormed } = String.prototype as { isWellFormed?: (this: string) => boolean };

/** Whether a text is valid Unicode, without lone surrogates. */
export const isUnicode: (text: string) => boolean =
  isWellFormed === undefined ? (text) => !/\p{Surrogate}/u.test(text) : (text) => isWellFormed.call(text);

/** Returns the reader of a scalar. It handles only the usual forms of a number as text. */
export function compileReadScalar(type: ScalarType, longAsString: boolean): ReadValue {
  switch (type) {
    case ScalarType.STRING:
      return readString;
    case ScalarType.BOOL:
      return (json) => (typeof json === "boolean" ? json : fallback);
    case ScalarType.BYTES:
      return readBytes;
    case ScalarType.DOUBLE:
      return (json) => (Number.isFinite(json) ? json : fallback);
    case ScalarType.FLOAT:
      return (json) => (Number.isFinite(json) && Number.isFinite(Math.fround(json as number)) ? json : fallback);
    case ScalarType.INT32:
    case ScalarType.SINT32:
    case ScalarType.SFIXED32:
      return readInt32;
    case ScalarType.UINT32:
    case ScalarType.FIXED32:
      return readUint32;
    case ScalarType.INT64:
    case ScalarType.SINT64:
    case ScalarType.SFIXED64:
      return longAsString ? (json) => toText(readInt64(json)) : readInt64;
    case ScalarType.UINT64:
    case ScalarType.FIXED64:
      return longAsString ? (json) => toText(readUint64(json)) : readUint64;
  }
}

function readString(json: unknown): unknown {
  return typeof json === "string" && isUnicode(json) ? json : fallback;
}

function readBytes(json: unknown): unknown {
  if (typeof json !== "string" || !base64.test(json)) return fallback;
  try {
    return base64Decode(json);
  } catch {
    return fallback;
  }
}

/** Excludes "-0", which some types distinguish from 0. */
const shortNumber = /^(?:0|-?[1-9]\d{0,9})$/;

export function readInt32(json: unknown): unknown {
  const number = typeof json === "string" && shortNumber.test(json) ? Number(json) : json;
  return typeof number === "number" && (number | 0) === number ? number : fallback;
}

function readUint32(json: unknown): unknown {
  const number = typeof json === "string" && shortNumber.test(json) ? Number(json) : json;
  return typeof number === "number" && number >>> 0 === number ? number : fallback;
}

/** At most 18 digits, so that no range check is needed. */
const longNumber = /^(?:0|-?[1-9]\d{0,17})$/;

function readInt64(json: unknown): bigint | Fallback {
  if (typeof json === "number") return Number.isSafeInteger(json) ? BigInt(json) : fallback;
  return typeof json === "string" && longNumber.test(json) ? BigInt(json) : fallback;
}

function readUint64(json: unknown): bigint | Fallback {
  const value = readInt64(json);
  return value === fallback || value < 0n ? fallback : value;
}

function toText(value: bigint | Fallback): string | Fallback {
  return value === fallback ? fallback : String(value);
}
