// Values as PGlite takes and returns them.
import { SqlArray, type SqlReaders, type SqlValue } from "../../sql/index.js";
import type { PgliteQuery } from "./database.js";

/** PGlite's own parsers of bytes read digit by digit. */
const readBytes = { 17: toBytes, 1001: toBytesArray };

/** Without readers: what the stores need. */
export function parsersOf(readers: SqlReaders | undefined): PgliteQuery {
  return { parsers: readers === undefined ? readBytes : Object.fromEntries(readers) };
}

/** PGlite writes arrays itself, by the types of the parameters. */
export function toParameter(value: SqlValue): unknown {
  return value instanceof SqlArray ? value.values : value;
}

/**
 * Returns a value as a literal of unknown type, which PostgreSQL reads as the parameter needs it. An escape string, whose
 * meaning does not depend on `standard_conforming_strings`.
 */
export function toLiteral(value: SqlValue): string {
  if (value === null) return "NULL";
  return `E'${refuseNul(toText(value)).replaceAll("\\", "\\\\").replaceAll("'", "''")}'`;
}

/** The text format of a value. */
function toText(value: Exclude<SqlValue, null>): string {
  if (typeof value === "string") return value;
  if (value instanceof Uint8Array) return toHex(value);
  if (value instanceof SqlArray) return toArray(value.values);
  if (typeof value === "object") return toArray(value);
  return String(value);
}

function toArray(values: readonly SqlValue[]): string {
  return `{${values.map(toElement).join(",")}}`;
}

function toElement(value: SqlValue): string {
  if (value === null) return "NULL";
  if (typeof value === "number" || typeof value === "boolean" || typeof value === "bigint") return String(value);
  const text = toText(value);
  if (value instanceof Uint8Array) return `"\\${text}"`;
  if (typeof value === "string") return `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
  return text;
}

function toHex({ buffer, byteOffset, byteLength }: Uint8Array): string {
  return `\\x${Buffer.from(buffer, byteOffset, byteLength).toString("hex")}`;
}

/** A statement would end at the first NUL. The error is that of the database for a bound value. */
function refuseNul(text: string): string {
  if (!text.includes("\0")) return text;
  throw Object.assign(new Error('invalid byte sequence for encoding "UTF8": 0x00'), { code: "22021" });
}

function toBytes(text: string): Uint8Array {
  const { buffer, byteOffset, byteLength } = Buffer.from(text.slice(2), "hex");
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** Elements are in quotes, with a second backslash, or NULL. */
function toBytesArray(text: string): readonly (Uint8Array | null)[] {
  if (text === "{}") return [];
  const items = text.slice(1, -1).split(",");
  return items.map((item) => (item === "NULL" ? null : toBytes(item.slice(2, -1))));
}
