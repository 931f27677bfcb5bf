import { andThen, type MaybePromise } from "../async/index.js";
import type { RowTransaction, SubjectId } from "../store/ports/index.js";
import { type KeyId, type KeyRing, type Keys, type NoKey, nameOf, type UsableKey } from "./key-ring.js";

/** Keys that were created for a transaction before it began, by the name of their subject. */
export type MadeKeys = ReadonlyMap<string, UsableKey | "erased">;

/**
 * Keys for the rows of one transaction. They are read on its own connection: waiting for a second connection while holding one
 * can deadlock. A missing key is not created here but recorded in `missing`: it must outlive the transaction, and be visible to
 * others before the transaction ends.
 */
export class TransactionKeys implements Keys {
  /** Subjects whose keys have to be created. Rows that were written without them must not be committed. */
  readonly missing: Map<string, SubjectId> = new Map();
  private readonly ring: KeyRing;
  private readonly made: MadeKeys;
  private readonly transaction: RowTransaction;

  constructor(ring: KeyRing, made: MadeKeys, transaction: RowTransaction) {
    this.ring = ring;
    this.made = made;
    this.transaction = transaction;
  }

  toRead(ids: readonly KeyId[]): MaybePromise<readonly (UsableKey | NoKey)[]> {
    return this.ring.toRead(ids, this.transaction);
  }

  toWrite(id: SubjectId): MaybePromise<UsableKey | "erased"> {
    const name = nameOf(id);
    return andThen(this.made.get(name) ?? this.ring.find(id, this.transaction), (found) => {
      if (found !== undefined) return found;
      this.missing.set(name, id);
      // The row is written without its personal fields, so that one run finds all missing keys.
      return "erased";
    });
  }
}

/** Rolls back a transaction, which runs again once the keys exist. */
class KeysMissing extends Error {
  readonly subjects: readonly SubjectId[];

  constructor(subjects: readonly SubjectId[]) {
    super("keys of personal data are missing");
    this.subjects = subjects;
  }
}

/** Runs work within a transaction, with keys for its rows. Throws, and so rolls back, if keys are missing. */
export type WithKeys = <T>(transaction: RowTransaction, work: (keys: Keys) => Promise<T>) => Promise<T>;

/**
 * Runs a transaction of a store. If rows are about subjects without a key, it rolls back, creates the keys, and runs the
 * transaction again. So neither its connection nor its locks are held while the keys are created.
 */
export async function runWithKeys<T>(ring: KeyRing, run: (withKeys: WithKeys) => Promise<T>): Promise<T> {
  const made = new Map<string, UsableKey | "erased">();
  const withKeys: WithKeys = async (transaction, work) => {
    // It holds no connection, so a missing key is created at once.
    if (transaction.isDetached === true) return work(ring);
    const keys = new TransactionKeys(ring, made, transaction);
    const lacking = () => keys.missing.size > 0 && new KeysMissing([...keys.missing.values()]);
    let result: Awaited<ReturnType<typeof work>>;
    try {
      result = await work(keys);
    } catch (error) {
      // The work may have failed because of the omitted fields.
      throw lacking() || error;
    }
    const missing = lacking();
    if (missing !== false) throw missing;
    return result;
  };
  for (;;) {
    try {
      return await run(withKeys);
    } catch (error) {
      if (!(error instanceof KeysMissing)) throw error;
      for (const subject of error.subjects) made.set(nameOf(subject), await ring.toWrite(subject));
    }
  }
}
