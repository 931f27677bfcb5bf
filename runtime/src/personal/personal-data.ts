import { PotterError } from "../errors/index.js";
import type { Store, SubjectId, SubjectKey, SubjectKeyStore } from "../store/ports/index.js";
import { type AesProvider, webAes } from "./aes.js";
import { extend } from "./extend.js";
import { KeyRing } from "./key-ring.js";
import type { KeyWrapper } from "./key-wrap.js";
import { pageTokensSubject, readPageTokenSecret } from "./page-token-secret.js";
import type { PersonalContents } from "./personal-contents.js";
import { SealedEventStore } from "./sealed-event-store.js";
import { SealedRows } from "./sealed-rows.js";
import { Sealer } from "./sealer.js";
import { uniqueValuesSubject } from "./unique-value-sealer.js";

export interface PersonalDataOptions {
  /** Wraps the keys of subjects. Default: they are stored as they are, and forgetting works all the same. */
  readonly wrap?: KeyWrapper;
  /** What encrypts. Default: WebCrypto, which is everywhere; `nodeAes` of `@potter/runtime/node` is quicker. */
  readonly aes?: AesProvider;
  /** Where the keys of subjects are kept. Default: with the events. */
  readonly keys?: SubjectKeyStore;
  /**
   * Milliseconds for which a process goes on using a key that it has read. So long, at most, it still reads what another
   * process has made forgotten. Default: 30 000.
   */
  readonly keyTtl?: number;
  /** Most keys that a process holds. Default: 10 000. */
  readonly keyLimit?: number;
}

/** Keys of the app itself, kept with those of subjects, and what each is for. */
const ownKeys: ReadonlyMap<string, string> = new Map([
  [uniqueValuesSubject, "unique values are compared by its key"],
  [pageTokensSubject, "page tokens are made by its key"],
]);

/** How many keys are wrapped anew in one go. */
const page = 100;

/** The personal data of an app: what is encrypted, and who is forgotten. */
export class PersonalData {
  /** The store in which what is personal is encrypted; to its users, it is not. The same store if nothing is personal. */
  readonly store: Store;
  private readonly ring: KeyRing | undefined;
  private readonly keys: SubjectKeyStore | undefined;
  private readonly wrap: KeyWrapper | undefined;

  /** `options` given: what was encrypted is read also when the contract calls nothing personal any more. */
  constructor(store: Store, contents: PersonalContents, options: PersonalDataOptions | undefined) {
    const { aes = webAes, wrap, keys = store.keys, keyTtl: ttl = 30_000, keyLimit: limit = 10_000 } = options ?? {};
    this.keys = keys;
    this.wrap = wrap;
    if (keys === undefined && contents.any) {
      throw new PotterError(
        "failed_precondition",
        `the contract has personal fields, and the store ${store.name} keeps no keys for them: give createApp "personalData.keys"`,
      );
    }
    this.ring = keys && new KeyRing(keys, { aes, wrap, ttl, limit });
    const used = contents.any || options !== undefined;
    this.store = this.ring !== undefined && used ? seal(store, new Sealer(this.ring), contents) : store;
  }

  /** Reads the secret of page tokens, made if there is none. undefined: keys are kept nowhere. */
  get pageTokenSecret(): (() => Promise<Uint8Array>) | undefined {
    const { ring } = this;
    return ring && (() => readPageTokenSecret(ring));
  }

  /** Deletes the key, and releases the unique values that are the subject's. Whether there was a key to delete. */
  async forget(id: SubjectId): Promise<boolean> {
    const use = ownKeys.get(id.subject);
    if (use !== undefined) throw new PotterError("invalid_argument", `${id.subject} is no subject: ${use}`);
    try {
      const deleted = await this.needKeys().erase(id);
      // Also where the key is gone already: a process may have ended in between.
      await this.store.events.releaseUniqueValues(id.tenant, id.subject);
      return deleted;
    } finally {
      this.ring?.drop(id);
    }
  }

  /** Whether the subject was forgotten. */
  async remember(id: SubjectId): Promise<boolean> {
    const done = await this.needKeys().readmit(id);
    this.ring?.drop(id);
    return done;
  }

  /** Wraps all keys by the present wrapping key that are not. Gives how many that were. */
  async rewrapKeys(): Promise<number> {
    const keys = this.needKeys();
    const { wrap } = this;
    if (wrap === undefined) {
      throw new PotterError(
        "failed_precondition",
        'nothing wraps the keys of this app: give createApp "personalData.wrap"',
      );
    }
    let done = 0;
    let after: SubjectId | undefined;
    for (;;) {
      const found = await keys.list(after, page);
      for (const key of found) if (await rewrap(keys, wrap, key)) done++;
      after = found.at(-1);
      if (found.length < page) return done;
    }
  }

  private needKeys(): SubjectKeyStore {
    if (this.keys !== undefined) return this.keys;
    throw new PotterError(
      "failed_precondition",
      'the store keeps no keys of subjects: give createApp "personalData.keys"',
    );
  }
}

async function rewrap(keys: SubjectKeyStore, wrap: KeyWrapper, known: SubjectId & SubjectKey): Promise<boolean> {
  const { tenant, subject, generation, wrapped } = known;
  if (wrapped === undefined || wrapped.wrappedBy === wrap.id) return false;
  const id = { tenant, subject };
  const { key, wrappedBy } = wrapped;
  const raw = wrappedBy === "" ? key : await wrap.unwrap(key, id, wrappedBy);
  return keys.rewrap(id, { generation, wrappedBy }, { key: await wrap.wrap(raw, id), wrappedBy: wrap.id });
}

function seal(store: Store, sealer: Sealer, contents: PersonalContents): Store {
  const rows = contents.sealsRows ? new SealedRows(sealer) : undefined;
  const events = new SealedEventStore(store.events, sealer, contents, rows);
  if (rows === undefined) return extend(store, { events });
  const inner = store.projections;
  const commit: typeof inner.commit = (move, apply) =>
    rows.write((within) => inner.commit(move, (transaction) => within(transaction, apply)));
  return extend(store, { events, rows: rows.reader(store.rows), projections: extend(inner, { commit }) });
}
