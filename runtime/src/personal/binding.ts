const utf8 = new TextEncoder();

/** Encodes the additional data of a cipher: a list of texts and numbers, and optional bytes after it. */
export function bind(place: readonly (string | number)[], bytes?: Uint8Array): Uint8Array {
  // JSON escapes control characters and lone surrogates, so the encoding is unique and contains no zero byte.
  const text = JSON.stringify(place);
  if (bytes === undefined) return utf8.encode(text);
  const bound = new Uint8Array(text.length + 1 + bytes.length);
  if (!writeAscii(bound, text)) return join(utf8.encode(text), bytes);
  bound.set(bytes, text.length + 1);
  return bound;
}

/** Returns whether the text was written: its characters are all ASCII. Faster than an encoder, which makes an array of its own. */
function writeAscii(target: Uint8Array, text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 0x7f) return false;
    target[i] = code;
  }
  return true;
}

function join(text: Uint8Array, bytes: Uint8Array): Uint8Array {
  const bound = new Uint8Array(text.length + 1 + bytes.length);
  bound.set(text);
  bound.set(bytes, text.length + 1);
  return bound;
}
