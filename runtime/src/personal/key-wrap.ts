import type { SubjectId } from "../store/ports/index.js";

/**
 * Wraps the keys of subjects before they are stored, so that whoever has the tables alone reads nothing. Fits a key
 * management service as well as a key in this process.
 */
export interface KeyWrapper {
  /** Id of the key that wraps at present. It is stored beside each key that it wrapped. */
  readonly id: string;
  wrap(key: Uint8Array, subject: SubjectId): Promise<Uint8Array>;
  /** `id`: of the key that wrapped it. Rejects when it has no such key, or when the bytes were not wrapped by it. */
  unwrap(wrapped: Uint8Array, subject: SubjectId, id: string): Promise<Uint8Array>;
}
