import { Scratch } from "./scratch.js";

const utf8 = new TextEncoder();
const scratch = new Scratch();

/** Encodes the additional data of a cipher: a list of texts and numbers, and optional bytes after it. */
export function bind(place: readonly (string | number)[], bytes?: Uint8Array): Uint8Array {
  // JSON escapes control characters and lone surrogates, so the encoding is unique and contains no zero byte.
  return bytes === undefined ? utf8.encode(JSON.stringify(place)) : bindBriefly(place, bytes).slice();
}

/** Like `bind`, but the result is valid only until the next call: for a cipher that works at once. */
export function bindBriefly(place: readonly (string | number)[], bytes: Uint8Array): Uint8Array {
  const text = JSON.stringify(place);
  // UTF-8 takes at most three bytes for each code unit.
  const bound = scratch.take(3 * text.length + 1 + bytes.length);
  const { written } = utf8.encodeInto(text, bound);
  bound[written] = 0;
  bound.set(bytes, written + 1);
  return bound.subarray(0, written + 1 + bytes.length);
}
