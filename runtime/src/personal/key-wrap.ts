import type { SubjectId } from "../store/ports/index.js";

/**
 * Wraps the keys of data subjects before they are stored, so that a copy of the tables alone reveals nothing. Implement it
 * to use a key management service; `masterKey` implements it with a key in this process.
 */
export interface KeyWrapper {
  /** The id of the current wrapping key. It is stored with each key that it wrapped. */
  readonly id: string;
  /** Wraps the key of a subject, 32 bytes. */
  wrap(key: Uint8Array, subject: SubjectId): Uint8Array | Promise<Uint8Array>;
  /** Unwraps the key of a subject. `id`: the wrapping key. Rejects if that is unknown, or did not wrap these bytes. */
  unwrap(wrapped: Uint8Array, subject: SubjectId, id: string): Uint8Array | Promise<Uint8Array>;
}
