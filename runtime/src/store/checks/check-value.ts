import { PotterError } from "../../errors/index.js";

/**
 * Limits of the texts that identify streams, commands, unique values and rows, in bytes of UTF-8 (U+0000 and U+0001 count twice).
 * Together they fit into one index entry of PostgreSQL, which holds 2704 bytes.
 */
export const maxTextBytes = {
  tenant: 512,
  type: 512,
  id: 1024,
  commandId: 1024,
  indexName: 768,
  uniqueValue: 1024,
  rowKey: 1024,
} as const;

/** The largest state, snapshot or recorded response, in bytes. Also the upper bound of `maxEventSize`. */
export const maxRecordBytes: number = 64 * 1024 * 1024;

/** Default of the option `maxEventSize` of stores, in bytes. */
export const defaultMaxEventSize: number = 1024 * 1024;

/** With the flag `u`, a pair of surrogates is one character, and only half of one matches. */
const loneSurrogate = /\p{Surrogate}/u;
const anySurrogate = /[\ud800-\udfff]/;

/** Refuses a value that is not a well-formed string of at most `most` bytes. The message names it `what` and never contains it. */
export function checkText(what: string, text: string, most: number): void {
  if (typeof text !== "string") throw invalid(`${what} must be text, found ${typeof text}`);
  // UTF-8 takes at most three bytes for each code unit.
  if (text.length * 3 > most) {
    const length = storedBytes(text, most);
    if (length > most) throw invalid(`${what} is longer than the ${most} bytes that are allowed`);
  }
  if (!isWellFormed(text)) {
    throw invalid(`${what} is no well-formed Unicode: it has half of a surrogate pair`);
  }
}

/** By the engine where it can: it knows of most texts that they hold no surrogates, without reading them. */
const isWellFormed: (text: string) => boolean =
  (String.prototype as { readonly isWellFormed?: unknown }).isWellFormed === undefined
    ? (text) => !(anySurrogate.test(text) && loneSurrogate.test(text))
    : (text) => (text as string & { isWellFormed(): boolean }).isWellFormed();

/** Refuses a value that is not a safe integer of at least `least`. */
export function checkInteger(what: string, value: number, least = 0): void {
  if (Number.isSafeInteger(value) && value >= least) return;
  throw invalid(`${what} must be a whole number from ${least} to ${Number.MAX_SAFE_INTEGER}, found ${String(value)}`);
}

/** Refuses more than `most` bytes. */
export function checkSize(what: string, bytes: Uint8Array, most: number = maxRecordBytes): void {
  if (bytes.length > most) throw invalid(`${what} is too large: ${bytes.length} bytes, ${most} are allowed`);
}

/** Reads the option `maxEventSize` of a store. */
export function toMaxEventSize(given: number | undefined): number {
  if (given === undefined) return defaultMaxEventSize;
  if (Number.isSafeInteger(given) && given >= 1 && given <= maxRecordBytes) return given;
  throw invalid(`maxEventSize must be a whole number of bytes from 1 to ${maxRecordBytes}, found ${String(given)}`);
}

/** Stops counting beyond `most`, since the text may be of any length. */
function storedBytes(text: string, most: number): number {
  let bytes = 0;
  for (let i = 0; i < text.length && bytes <= most; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 2) bytes += 2;
    else if (unit < 0x80) bytes += 1;
    // Each half of a surrogate pair counts for half of its four bytes.
    else if (unit < 0x800 || (unit >= 0xd800 && unit < 0xe000)) bytes += 2;
    else bytes += 3;
  }
  return bytes;
}

export function invalid(message: string): PotterError {
  return new PotterError("invalid_argument", message);
}
