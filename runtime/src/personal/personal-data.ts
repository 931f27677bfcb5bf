import { PotterError } from "../errors/index.js";
import type { Store, SubjectId, SubjectKey, SubjectKeyStore } from "../store/ports/index.js";
import type { AesProvider, Cryptography } from "./aes.js";
import { extend } from "./extend.js";
import { KeyRing } from "./key-ring.js";
import type { KeyWrapper } from "./key-wrap.js";
import { pageTokensSubject, readPageTokenSecret } from "./page-token-secret.js";
import type { PersonalContents } from "./personal-contents.js";
import { findCryptography } from "./platform-cryptography.js";
import { SealedEventStore } from "./sealed-event-store.js";
import { SealedRows } from "./sealed-rows.js";
import { Sealer } from "./sealer.js";
import { uniqueValuesSubject } from "./unique-value-sealer.js";

/** Configures how the app encrypts the fields that the contract marks as personal. No option is required. */
export interface PersonalDataOptions {
  /** Wraps the keys of data subjects, such as `masterKey(…)`. Default: they are stored unwrapped; erasing works the same. */
  readonly wrap?: KeyWrapper;
  /** The AES implementation. Default: the one of `node:crypto` where the platform has it, otherwise WebCrypto. */
  readonly aes?: AesProvider;
  /** The store that keeps the keys of data subjects. Default: the app's store. */
  readonly keys?: SubjectKeyStore;
  /**
   * How long a process caches a key, in milliseconds. For that time, it can still read the data of a subject that another
   * process has erased. 0: each read and write looks up its keys. Default: 30 000.
   */
  readonly keyTtl?: number;
  /** The largest number of keys that a process caches. Default: 10 000. */
  readonly keyLimit?: number;
}

/** The app's own keys, which are stored with those of subjects, and the purpose of each. */
const ownKeys: ReadonlyMap<string, string> = new Map([
  [uniqueValuesSubject, "its key compares unique values"],
  [pageTokensSubject, "its key encrypts page tokens"],
]);

/** The number of keys that are read at a time to rewrap them. */
const page = 100;

/** The personal data of an app: encrypts it in the store, and erases and readmits data subjects. */
export class PersonalData {
  /** The store with transparent encryption of personal data. The given store if nothing is personal. */
  readonly store: Store;
  private readonly ring: KeyRing | undefined;
  private readonly keys: SubjectKeyStore | undefined;
  private readonly wrap: KeyWrapper | undefined;

  /** If `options` are given, encrypted data is decrypted even if the contract marks nothing as personal any more. */
  constructor(store: Store, contents: PersonalContents, options: PersonalDataOptions | undefined) {
    const { aes, wrap, keys = store.keys, keyTtl: ttl = 30_000, keyLimit: limit = 10_000 } = options ?? {};
    this.keys = keys;
    this.wrap = wrap;
    if (keys === undefined && contents.any) {
      throw new PotterError(
        "failed_precondition",
        `the contract has personal fields, and the store ${store.name} keeps no keys for them: give createApp "personalData.keys"`,
      );
    }
    let cryptography: Cryptography | undefined;
    this.ring =
      keys &&
      new KeyRing(keys, {
        // Found when it is first used: loading `node:crypto` would slow down the start of apps without personal data.
        get cryptography() {
          cryptography ??= cryptographyOf(aes);
          return cryptography;
        },
        wrap,
        ttl,
        limit,
      });
    const used = contents.any || options !== undefined;
    const keepsKeys = keys === store.keys;
    this.store = this.ring !== undefined && used ? seal(store, new Sealer(this.ring), contents, keepsKeys) : store;
  }

  /** Reads the secret of page tokens, which it creates if there is none; undefined if the app has no store for keys. */
  get pageTokenSecret(): (() => Promise<Uint8Array>) | undefined {
    const { ring } = this;
    return ring && (() => readPageTokenSecret(ring));
  }

  /** Erases a data subject: deletes its key and releases its unique values. Returns whether there was a key. */
  async erase(id: SubjectId): Promise<boolean> {
    const use = ownKeys.get(id.subject);
    if (use !== undefined) throw new PotterError("invalid_argument", `${id.subject} is not a data subject: ${use}`);
    try {
      const deleted = await this.needKeys().erase(id);
      // Also if the key was deleted already: a process may have ended between the two steps.
      await this.store.events.releaseUniqueValues(id.tenant, id.subject);
      return deleted;
    } finally {
      this.ring?.drop(id);
    }
  }

  /** Readmits an erased data subject. Returns whether it was erased. */
  async readmit(id: SubjectId): Promise<boolean> {
    const done = await this.needKeys().readmit(id);
    this.ring?.drop(id);
    return done;
  }

  /** Wraps all keys that the current wrapping key has not wrapped. Returns their number. */
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

function cryptographyOf(aes: AesProvider | undefined): Cryptography {
  const found = findCryptography();
  return aes === undefined ? found : { key: (raw) => aes.key(raw), hmac: found.hmac };
}

async function rewrap(keys: SubjectKeyStore, wrap: KeyWrapper, known: SubjectId & SubjectKey): Promise<boolean> {
  const { tenant, subject, generation, wrapped } = known;
  if (wrapped === undefined || wrapped.wrappedBy === wrap.id) return false;
  const id = { tenant, subject };
  const { key, wrappedBy } = wrapped;
  const raw = wrappedBy === "" ? key : await wrap.unwrap(key, id, wrappedBy);
  return keys.rewrap(id, { generation, wrappedBy }, { key: await wrap.wrap(raw, id), wrappedBy: wrap.id });
}

function seal(store: Store, sealer: Sealer, contents: PersonalContents, keepsKeys: boolean): Store {
  const rows = contents.sealsRows ? new SealedRows(sealer) : undefined;
  const events = new SealedEventStore(store.events, sealer, contents, { rows, keepsKeys });
  if (rows === undefined) return extend(store, { events });
  const inner = store.projections;
  const commit: typeof inner.commit = (move, apply) =>
    rows.write((within) => inner.commit(move, (transaction) => within(transaction, apply)));
  return extend(store, { events, rows: rows.reader(store.rows), projections: extend(inner, { commit }) });
}
