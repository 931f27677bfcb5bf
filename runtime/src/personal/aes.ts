/**
 * An implementation of AES-256-GCM. The output is a random nonce of 12 bytes, the ciphertext, and a tag of 16 bytes, so
 * that each implementation decrypts what another has encrypted.
 */
export interface AesProvider {
  /** Imports a key. `raw`: 32 bytes. */
  key(raw: Uint8Array): AesKey | Promise<AesKey>;
}

/** A key, ready for use. */
export interface AesKey {
  /** Encrypts and authenticates. `bound` is additional authenticated data: it must be the same to decrypt. */
  encrypt(clear: Uint8Array, bound: Uint8Array): Uint8Array | Promise<Uint8Array>;
  /** Decrypts. Throws if the bytes or the additional data differ in any bit. */
  decrypt(encrypted: Uint8Array, bound: Uint8Array): Uint8Array | Promise<Uint8Array>;
}

export const nonceSize = 12;
export const tagSize = 16;

/** AES by WebCrypto, for every runtime with web standards. */
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

/** Copies shared memory, which WebCrypto rejects. */
function own(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes.buffer instanceof ArrayBuffer ? (bytes as Uint8Array<ArrayBuffer>) : new Uint8Array(bytes);
}
