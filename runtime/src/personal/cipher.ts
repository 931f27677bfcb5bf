/** AES-256-GCM of WebCrypto. A nonce of its own goes before each cipher, the tag stands behind it. */

export const nonceSize = 12;
const tagSize = 16;

const utf8 = new TextEncoder();

/** Bytes in memory that nobody shares, as WebCrypto wants them. */
export type Bytes = Uint8Array<ArrayBuffer>;

export function importAes(key: Uint8Array): Promise<CryptoKey> {
  return crypto.subtle.importKey("raw", own(key), "AES-GCM", false, ["encrypt", "decrypt"]);
}

/** Nonce, cipher and tag. `bound` is authenticated with it: it must be the same to decrypt. */
export async function encrypt(key: CryptoKey, clear: Uint8Array, bound: Bytes): Promise<Uint8Array> {
  const sealed = new Uint8Array(nonceSize + clear.length + tagSize);
  const iv = crypto.getRandomValues(sealed.subarray(0, nonceSize));
  const cipher = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: bound }, key, own(clear));
  sealed.set(new Uint8Array(cipher), nonceSize);
  return sealed;
}

/** Rejects when a bit of the bytes, or of what they are bound to, is another. */
export async function decrypt(key: CryptoKey, sealed: Uint8Array, bound: Bytes): Promise<Uint8Array> {
  const bytes = own(sealed);
  const iv = bytes.subarray(0, nonceSize);
  const algorithm = { name: "AES-GCM", iv, additionalData: bound };
  return new Uint8Array(await crypto.subtle.decrypt(algorithm, key, bytes.subarray(nonceSize)));
}

/** What a cipher belongs to, as bytes: a list of texts and numbers, and bytes after it. */
export function bind(place: readonly (string | number)[], bytes?: Uint8Array): Bytes {
  // JSON escapes control characters and halves of surrogate pairs: no two lists are written alike, and none has a zero.
  const text = utf8.encode(JSON.stringify(place));
  if (bytes === undefined) return text as Bytes;
  const bound = new Uint8Array(text.length + 1 + bytes.length);
  bound.set(text);
  bound.set(bytes, text.length + 1);
  return bound;
}

/** WebCrypto refuses shared memory, so that is copied. */
function own(bytes: Uint8Array): Bytes {
  return bytes.buffer instanceof ArrayBuffer ? (bytes as Bytes) : new Uint8Array(bytes);
}
