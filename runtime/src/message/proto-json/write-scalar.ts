import { ScalarType } from "@bufbuild/protobuf";
import { base64Encode } from "@bufbuild/protobuf/wire";
import { type Fallback, fallback } from "./fallback.js";

/** Writes a value as JSON. */
export type WriteValue = (value: unknown) => string | Fallback;

const quote = 0x22;
const backslash = 0x5c;

/** Whether a text stands in JSON as it is. Always false for a long one: `JSON.stringify` is faster then. */
export function isPlainText(text: string): boolean {
  if (text.length > 64) return false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x20 || code === quote || code === backslash || code >= 0xd800) return false;
  }
  return true;
}

/** Writes a text as JSON. */
export function writeText(text: string): string {
  return isPlainText(text) ? `"${text}"` : JSON.stringify(text);
}

/** Returns the writer of a scalar. */
export function compileWriteScalar(type: ScalarType): WriteValue {
  switch (type) {
    case ScalarType.STRING:
      return (value) => (typeof value === "string" ? writeText(value) : fallback);
    case ScalarType.BOOL:
      return (value) => (typeof value === "boolean" ? String(value) : fallback);
    case ScalarType.BYTES:
      return (value) => (value instanceof Uint8Array ? `"${base64Encode(value)}"` : fallback);
    case ScalarType.INT64:
    case ScalarType.SINT64:
    case ScalarType.SFIXED64:
    case ScalarType.UINT64:
    case ScalarType.FIXED64:
      return (value) => (typeof value === "bigint" || isPlainInteger(value) ? `"${value}"` : fallback);
    default:
      return (value) => (Number.isFinite(value) ? String(value) : fallback);
  }
}

function isPlainInteger(value: unknown): value is string {
  return typeof value === "string" && /^(?:0|-?[1-9]\d*)$/.test(value);
}

/**
 * Returns the writer of a scalar that ProtoJSON omits if it is zero: then it writes an empty text. A negative zero of a float
 * is not omitted.
 */
export function compileWriteNonZero(type: ScalarType): WriteValue {
  const write = compileWriteScalar(type);
  switch (type) {
    case ScalarType.STRING:
      return (value) => (value === "" ? "" : write(value));
    case ScalarType.BOOL:
      return (value) => (value === false ? "" : write(value));
    case ScalarType.BYTES:
      return (value) => (value instanceof Uint8Array && value.byteLength === 0 ? "" : write(value));
    case ScalarType.DOUBLE:
    case ScalarType.FLOAT:
      return (value) => (Object.is(value, 0) ? "" : write(value));
    default:
      return (value) => (value === 0 || value === 0n || value === "0" ? "" : write(value));
  }
}
