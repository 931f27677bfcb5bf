/**
 * AES-256-GCM. What is encrypted is a random nonce of 12 bytes, the cipher, and a tag of 16 bytes: whatever encrypts,
 * anything can decrypt.
 */
export interface AesProvider {
  /** `raw`: 32 bytes. */
  key(raw: Uint8Array): AesKey | Promise<AesKey>;
}

/** A key, ready for use. */
export interface AesKey {
  /** `bound` is authenticated as well: it must be the same to decrypt. */
  encrypt(clear: Uint8Array, bound: Uint8Array): Uint8Array | Promise<Uint8Array>;
  /** Fails when a bit of the bytes, or of what they are bound to, is another. */
  decrypt(encrypted: Uint8Array, bound: Uint8Array): Uint8Array | Promise<Uint8Array>;
}

export const nonceSize = 12;
export const tagSize = 16;

/** By WebCrypto: wherever there is `fetch`. */
export const webAes: AesProvider = {
  async key(raw) {
    const key = await crypto.subtle.importKey("raw", own(raw), "AES-GCM", false, ["encrypt", "decrypt"]);
    return {
      async encrypt(clear, bound) {
        const encrypted = new Uint8Array(nonceSize + clear.length + tagSize);
        const iv = crypto.getRandomValues(encrypted.subarray(0, nonceSize));
        const algorithm = { name: "AES-GCM", iv, additionalData: own(bound) };
        encrypted.set(new Uint8Array(await crypto.subtle.encrypt(algorithm, key, own(clear))), nonceSize);
        return encrypted;
      },
      async decrypt(encrypted, bound) {
        const bytes = own(encrypted);
        const algorithm = { name: "AES-GCM", iv: bytes.subarray(0, nonceSize), additionalData: own(bound) };
        return new Uint8Array(await crypto.subtle.decrypt(algorithm, key, bytes.subarray(nonceSize)));
      },
    };
  },
};

/** WebCrypto refuses shared memory, so that is copied. */
function own(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes.buffer instanceof ArrayBuffer ? (bytes as Uint8Array<ArrayBuffer>) : new Uint8Array(bytes);
}
