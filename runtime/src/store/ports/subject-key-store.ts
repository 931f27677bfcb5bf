import type { RowTransaction } from "./rows.js";

/** Identifies a data subject within a tenant. */
export interface SubjectId {
  /** The empty string where there are no tenants. */
  readonly tenant: string;
  /** Id of the data subject, as events contain it. */
  readonly subject: string;
}

/** A key as it is stored, wrapped by another key or plain. */
export interface WrappedKey {
  /** The key, encrypted by the wrapping key or plain. */
  readonly key: Uint8Array;
  /** Id of the wrapping key; the empty string: the key is plain. */
  readonly wrappedBy: string;
}

/** A key to create for a subject. */
export interface NewSubjectKey extends SubjectId {
  /** The key as it is stored. */
  readonly wrapped: WrappedKey;
}

/** The key of a subject, and whether the subject is erased. */
export interface SubjectKey {
  /** Number of the key, from 1. Increases when an erased subject is readmitted. */
  readonly generation: number;
  /** undefined: the key was deleted, or not created yet. */
  readonly wrapped: WrappedKey | undefined;
  /** Whether the subject is erased. No key is created until it is readmitted. */
  readonly erased: boolean;
}

/** The port that keeps one key per data subject. To erase a subject is to delete its key. */
export interface SubjectKeyStore {
  /**
   * Returns the key record of each subject, in the order of the request; undefined if there is none. `within`: a transaction that
   * the caller keeps open meanwhile. A store in the same database must use its connection, since no other may become free.
   */
  find(subjects: readonly SubjectId[], within?: RowTransaction): Promise<readonly (SubjectKey | undefined)[]>;
  /**
   * Stores this key if the subject has none and is not erased. Returns the current record: all concurrent callers get the same key.
   */
  create(subject: SubjectId, wrapped: WrappedKey): Promise<SubjectKey>;
  /** Deletes the key and marks the subject as erased. Returns whether there was a key. */
  erase(subject: SubjectId): Promise<boolean>;
  /** Lets an erased subject get a new key. Returns whether it was erased. */
  readmit(subject: SubjectId): Promise<boolean>;
  /** Returns subjects that have a key, in a stable order, after the given one. */
  list(after: SubjectId | undefined, limit: number): Promise<readonly (SubjectId & SubjectKey)[]>;
  /** Replaces the wrapping of a key. false: the key no longer has this generation and wrapping key. */
  rewrap(
    subject: SubjectId,
    from: { readonly generation: number; readonly wrappedBy: string },
    to: WrappedKey,
  ): Promise<boolean>;
}
