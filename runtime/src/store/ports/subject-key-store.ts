import type { RowTransaction } from "./rows.js";

/** Who personal data is about, within one tenant. */
export interface SubjectId {
  /** The empty string where there are no tenants. */
  readonly tenant: string;
  readonly subject: string;
}

/** A key as it is stored: wrapped by another, or as it is. */
export interface WrappedKey {
  readonly key: Uint8Array;
  /** Id of the key that wrapped it; the empty string: none did. */
  readonly wrappedBy: string;
}

/** What is known of a subject. */
export interface SubjectKey {
  /** Tells the keys of one subject apart. From 1; raised when a forgotten subject is remembered. */
  readonly generation: number;
  /** undefined: it was deleted, or not made yet. */
  readonly wrapped: WrappedKey | undefined;
  /** No key is made until the subject is remembered. */
  readonly erased: boolean;
}

/** The port of stores that keep a key for each subject of personal data: to forget is to delete the key. */
export interface SubjectKeyStore {
  /**
   * What is known of each subject, in the order asked for; undefined: nothing. `within`: a transaction that its caller holds open
   * for the answer. Where its rows are in the same database, the answer must come by its connection: while the caller
   * holds one, no other may become free.
   */
  find(subjects: readonly SubjectId[], within?: RowTransaction): Promise<readonly (SubjectKey | undefined)[]>;
  /**
   * Keeps this key, if the subject has none and is not forgotten. Gives what is known now: of all who call at once,
   * each gets the same key.
   */
  create(subject: SubjectId, wrapped: WrappedKey): Promise<SubjectKey>;
  /** Deletes the key, and remembers that the subject was forgotten. Whether there was a key. */
  erase(subject: SubjectId): Promise<boolean>;
  /** Lets a forgotten subject have a key again: another one. Whether it was forgotten. */
  readmit(subject: SubjectId): Promise<boolean>;
  /** Subjects that have a key, in some lasting order, after the given one. */
  list(after: SubjectId | undefined, limit: number): Promise<readonly (SubjectId & SubjectKey)[]>;
  /** Replaces how a key is wrapped, unless it is not the one of this generation and wrapping any more. */
  rewrap(
    subject: SubjectId,
    from: { readonly generation: number; readonly wrappedBy: string },
    to: WrappedKey,
  ): Promise<boolean>;
}
