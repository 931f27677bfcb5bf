import { PotterError } from "../errors/index.js";
import type { Engine } from "../message/index.js";
import type { Store, SubjectId, SubjectKey, SubjectKeyStore } from "../store/ports/index.js";
import type { AesProvider, Cryptography } from "./aes.js";
import { KeyRing } from "./key-ring.js";
import type { KeyWrapper } from "./key-wrap.js";
import { pageTokensSubject, readPageTokenSecret } from "./page-token-secret.js";
import { type ContractMessages, storesPersonal } from "./personal-contents.js";
import { findCryptography } from "./platform-cryptography.js";
import type { SealStore } from "./seal-store.js";
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
  /**
   * What encrypts: `personalData` of `@potter/runtime`. Needed only if nothing in the contract is personal any more, and data
   * that was encrypted earlier must be read. Default: what the generated code brings.
   */
  readonly engine?: Engine<"personal data">;
}

/** The app's own keys, which are stored with those of subjects, and the purpose of each. */
const ownKeys: ReadonlyMap<string, string> = new Map([
  [uniqueValuesSubject, "its key compares unique values"],
  [pageTokensSubject, "its key encrypts page tokens"],
]);

/** The number of keys that are read at a time. */
const page = 100;

/** The personal data of an app: encrypts it in the store, and erases and readmits data subjects. */
export class PersonalData {
  /** The store with transparent encryption of personal data. The given store if nothing is personal. */
  readonly store: Store;
  private readonly ring: KeyRing | undefined;
  private readonly keys: SubjectKeyStore | undefined;
  private readonly wrap: KeyWrapper | undefined;

  /** Whether the app may have encrypted data before, and contains nothing that decrypts it. */
  private readonly mayMiss: boolean;

  /** `seal`: what encrypts a store; undefined: no definition brings it. */
  constructor(
    store: Store,
    messages: ContractMessages,
    seal: SealStore | undefined,
    options: PersonalDataOptions | undefined,
  ) {
    const { aes, wrap, keys = store.keys, keyTtl: ttl = 30_000, keyLimit: limit = 10_000 } = options ?? {};
    this.keys = keys;
    this.wrap = wrap;
    this.mayMiss = seal === undefined && options !== undefined;
    const personal = storesPersonal(messages);
    if (seal === undefined && personal !== undefined) {
      throw new PotterError(
        "failed_precondition",
        `${personal} has personal fields, which the generated code does not encrypt: ` +
          "generate the code again with protoc-gen-potter-cqrs of this release",
      );
    }
    if (keys === undefined && personal !== undefined) {
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
    this.store = this.ring && seal ? seal(store, this.ring, messages, keys === store.keys) : store;
  }

  /** Throws `failed_precondition` if the keys of data subjects are there, but nothing that decrypts their data. */
  async start(): Promise<void> {
    if (!this.mayMiss || this.keys === undefined) return;
    for await (const { subject, wrapped } of this.all(this.keys)) {
      if (wrapped === undefined || ownKeys.has(subject)) continue;
      throw new PotterError(
        "failed_precondition",
        "the store has keys of data subjects, but nothing in the contract of this app is personal: to read what was " +
          'encrypted earlier, give createApp "personalData.engine: personalData" of @potter/runtime',
      );
    }
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
    for await (const key of this.all(keys)) if (await rewrap(keys, wrap, key)) done++;
    return done;
  }

  private async *all(keys: SubjectKeyStore): AsyncGenerator<SubjectId & SubjectKey> {
    let after: SubjectId | undefined;
    for (;;) {
      const found = await keys.list(after, page);
      yield* found;
      after = found.at(-1);
      if (found.length < page) return;
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
