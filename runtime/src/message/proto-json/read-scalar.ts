import { ScalarType } from "@bufbuild/protobuf";
import { base64Decode } from "@bufbuild/protobuf/wire";
import { type Doubt, doubt } from "./doubt.js";

/** Base64, plain or for URLs, with or without padding. */
export const base64: RegExp = /^[A-Za-z0-9+/_-]*={0,2}$/;

/** Reads a JSON value that is neither null nor undefined. */
export type ReadValue = (json: unknown) => unknown;

const { isWellFormed } = String.prototype as { isWellFormed?: (this: string) => boolean };

/** Whether a text is valid Unicode: no half of a pair stands alone. */
export const isUnicode: (text: string) => boolean =
  isWellFormed === undefined ? (text) => !/\p{Surrogate}/u.test(text) : (text) => isWellFormed.call(text);

/** The reader of a scalar. Of the ways to write a number as text only the plain ones are known here. */
export function compileReadScalar(type: ScalarType, longAsString: boolean): ReadValue {
  switch (type) {
    case ScalarType.STRING:
      return readString;
    case ScalarType.BOOL:
      return (json) => (typeof json === "boolean" ? json : doubt);
    case ScalarType.BYTES:
      return readBytes;
    case ScalarType.DOUBLE:
      return (json) => (Number.isFinite(json) ? json : doubt);
    case ScalarType.FLOAT:
      return (json) => (Number.isFinite(json) && Number.isFinite(Math.fround(json as number)) ? json : doubt);
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
  return typeof json === "string" && isUnicode(json) ? json : doubt;
}

function readBytes(json: unknown): unknown {
  if (typeof json !== "string" || !base64.test(json)) return doubt;
  try {
    return base64Decode(json);
  } catch {
    return doubt;
  }
}

/** Without "-0", which is a zero of its own to some types. */
const shortNumber = /^(?:0|-?[1-9]\d{0,9})$/;

export function readInt32(json: unknown): unknown {
  const number = typeof json === "string" && shortNumber.test(json) ? Number(json) : json;
  return typeof number === "number" && (number | 0) === number ? number : doubt;
}

function readUint32(json: unknown): unknown {
  const number = typeof json === "string" && shortNumber.test(json) ? Number(json) : json;
  return typeof number === "number" && number >>> 0 === number ? number : doubt;
}

/** Within 18 digits, so that no range need be checked. */
const longNumber = /^(?:0|-?[1-9]\d{0,17})$/;

function readInt64(json: unknown): bigint | Doubt {
  if (typeof json === "number") return Number.isSafeInteger(json) ? BigInt(json) : doubt;
  return typeof json === "string" && longNumber.test(json) ? BigInt(json) : doubt;
}

function readUint64(json: unknown): bigint | Doubt {
  const value = readInt64(json);
  return value === doubt || value < 0n ? doubt : value;
}

function toText(value: bigint | Doubt): string | Doubt {
  return value === doubt ? doubt : String(value);
}
