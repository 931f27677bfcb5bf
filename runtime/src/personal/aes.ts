import type { MaybePromise } from "../async/index.js";

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
  /**
   * Writes what `encrypt` returns into `target` at an offset, at once, and keeps none of the arrays. If it is there, `decrypt`
   * works at once as well.
   */
  encryptInto?(target: Uint8Array, at: number, clear: Uint8Array, bound: Uint8Array): void;
}

/** What personal data needs of a cryptographic library. */
export interface Cryptography extends AesProvider {
  /** Computes an HMAC-SHA-256. */
  hmac(key: Uint8Array, data: Uint8Array): MaybePromise<Uint8Array>;
}

export const nonceSize = 12;
export const tagSize = 16;
