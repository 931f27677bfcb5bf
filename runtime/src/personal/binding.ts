import { Scratch } from "./scratch.js";

const utf8 = new TextEncoder();
const scratch = new Scratch();

/** Texts that JSON writes as they are: ASCII without quotation marks, backslashes and control characters. */
const plain = /^[ !#-[\]-~]*$/;

/** Encodes the additional data of a cipher: a list of texts and numbers, and optional bytes after it. */
export function bind(place: readonly (string | number)[], bytes?: Uint8Array): Uint8Array {
  // JSON escapes control characters and lone surrogates, so the encoding is unique and contains no zero byte.
  const text = toJson(place);
  if (bytes === undefined) return utf8.encode(text);
  const bound = new Uint8Array(text.length + 1 + bytes.length);
  return write(bound, text, bytes) ? bound : join(utf8.encode(text), bytes);
}

/** Like `bind`, but the bytes are valid only until the next call: for a cipher that works at once. */
export function bindBriefly(place: readonly (string | number)[], bytes: Uint8Array): Uint8Array {
  const text = toJson(place);
  const bound = scratch.take(text.length + 1 + bytes.length);
  return write(bound, text, bytes) ? bound : join(utf8.encode(text), bytes);
}

/** The same as `JSON.stringify`, which takes longer. */
function toJson(place: readonly (string | number)[]): string {
  let text = "[";
  for (let i = 0; i < place.length; i++) {
    const part = place[i] as string | number;
    if (i > 0) text += ",";
    text += typeof part === "string" && plain.test(part) ? `"${part}"` : JSON.stringify(part);
  }
  return `${text}]`;
}

/** Returns whether the text was written: its characters are all ASCII. Faster than an encoder, which makes an array of its own. */
function write(target: Uint8Array, text: string, bytes: Uint8Array): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 0x7f) return false;
    target[i] = code;
  }
  target[text.length] = 0;
  target.set(bytes, text.length + 1);
  return true;
}

function join(text: Uint8Array, bytes: Uint8Array): Uint8Array {
  const bound = new Uint8Array(text.length + 1 + bytes.length);
  bound.set(text);
  bound.set(bytes, text.length + 1);
  return bound;
}
