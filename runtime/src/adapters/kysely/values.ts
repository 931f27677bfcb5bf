import { PotterError } from "../../errors/index.js";
import type { SqlValue } from "../../sql/index.js";
import { toArrayText } from "./array-text.js";
import { toBytesText } from "./bytes-text.js";

/**
 * Converts a value of a query to a form that every driver binds alike: bytes unchanged, all else as text, which
 * PostgreSQL parses as the type of the parameter. Objects become JSON. A list is an array; for JSON lists use {@link
 * json}.
 */
export function toSqlValue(value: unknown): SqlValue {
  if (value === null || value instanceof Uint8Array) return value;
  return Array.isArray(value) ? toArrayText(value.map(toItem)) : toText(value);
}

/** JSON as text for a json or jsonb column. Whole numbers of 64 bits become text and bytes base64, as in ProtoJSON. */
export function toJsonText(value: unknown): string {
  const text = JSON.stringify(value, (_, member: unknown) => {
    if (typeof member === "bigint") return member.toString();
    if (member instanceof Uint8Array) return btoa(Array.from(member, (byte) => String.fromCharCode(byte)).join(""));
    return typeof member === "string" ? toStorable(member) : member;
  });
  if (text === undefined) throw unfit(value);
  return text;
}

function toItem(item: unknown): unknown {
  if (item === null) return null;
  if (Array.isArray(item)) return item.map(toItem);
  return item instanceof Uint8Array ? toBytesText(item) : toText(item);
}

function toText(value: unknown): string {
  switch (typeof value) {
    case "string":
      return toStorable(value);
    case "number":
    case "bigint":
    case "boolean":
      return String(value);
    case "object":
      return value instanceof Date ? toTimeText(value) : toJsonText(value);
    default:
      throw unfit(value);
  }
}

/** With its offset, so that no time zone setting changes it. */
function toTimeText(time: Date): string {
  if (Number.isNaN(time.getTime())) throw new PotterError("invalid_argument", "expected a time, found an invalid Date");
  const year = time.getUTCFullYear();
  if (year > 9999) return time.toISOString().slice(1);
  // The year before 1 is 1 BC, and 0 to JavaScript.
  return year > 0 ? time.toISOString() : `${String(1 - year).padStart(4, "0")}${time.toISOString().slice(-20)} BC`;
}

/**
 * Replaces U+0000, which PostgreSQL cannot store, and halves of surrogate pairs, which UTF-8 cannot encode, by U+FFFD.
 * An error would let one caller stop a projection for all.
 */
function toStorable(text: string): string {
  return text.replace(unstorable, "\ufffd");
}

/** With the flag `u`, a pair of surrogates is one character, and only half of one matches. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: this is the character to replace
const unstorable = /\u0000|\p{Surrogate}/gu;

function unfit(value: unknown): PotterError {
  return new PotterError(
    "invalid_argument",
    `expected text, a number, a boolean, a Date, bytes, a list, an object or null as a value of SQL, found ${typeof value}`,
  );
}
