const utf8 = new TextEncoder();

/** What a cipher belongs to, as bytes: a list of texts and numbers, and bytes after it. */
export function bind(place: readonly (string | number)[], bytes?: Uint8Array): Uint8Array {
  // JSON escapes control characters and halves of surrogate pairs: no two lists are written alike, and none has a zero.
  const text = utf8.encode(JSON.stringify(place));
  if (bytes === undefined) return text;
  const bound = new Uint8Array(text.length + 1 + bytes.length);
  bound.set(text);
  bound.set(bytes, text.length + 1);
  return bound;
}
