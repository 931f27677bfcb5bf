const utf8 = new TextEncoder();

/** Encodes the additional data of a cipher: a list of texts and numbers, and optional bytes after it. */
export function bind(place: readonly (string | number)[], bytes?: Uint8Array): Uint8Array {
  // JSON escapes control characters and lone surrogates, so the encoding is unique and contains no zero byte.
  const text = utf8.encode(JSON.stringify(place));
  if (bytes === undefined) return text;
  const bound = new Uint8Array(text.length + 1 + bytes.length);
  bound.set(text);
  bound.set(bytes, text.length + 1);
  return bound;
}
