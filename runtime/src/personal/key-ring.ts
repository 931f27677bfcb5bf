import { andThen, isPromise, type MaybePromise, mapAll } from "../async/index.js";
import { PotterError } from "../errors/index.js";
import type {
  NewSubjectKey,
  RowTransaction,
  SubjectId,
  SubjectKey,
  SubjectKeyStore,
  WrappedKey,
} from "../store/ports/index.js";
import type { AesKey, Cryptography } from "./aes.js";
import type { KeyWrapper } from "./key-wrap.js";
import { RandomPool } from "./random-pool.js";
import { RecentEdits } from "./recent-edits.js";

/** A subject's key, ready for use. */
export interface UsableKey {
  readonly generation: number;
  readonly aes: AesKey;
  /** The key's bytes, to derive other keys from. */
  readonly raw: Uint8Array;
}

/** Identifies one of a subject's keys. */
export interface KeyId extends SubjectId {
  readonly generation: number;
}

export interface KeyRingOptions {
  readonly cryptography: Cryptography;
  readonly wrap?: KeyWrapper | undefined;
  /** How long a key is cached, in milliseconds. */
  readonly ttl: number;
  /** The largest number of cached keys. */
  readonly limit: number;
}

/** Why there is no key: `erased`, the subject was erased; `missing`, the store has lost a key that it should have. */
export type NoKey = "erased" | "missing";

/** Provides keys for encryption and decryption: at once if they are cached. */
export interface Keys {
  /** Returns the keys for decryption, in the order of `ids`. */
  toRead(ids: readonly KeyId[]): MaybePromise<readonly (UsableKey | NoKey)[]>;
  /**
   * Returns the key for encryption. Creates it if there is none and the subject was not erased. `isNew`: there is probably none,
   * so that it is created without looking for one first.
   */
  toWrite(id: SubjectId, isNew?: boolean): MaybePromise<UsableKey | "erased">;
}

/** A key that is not stored yet. */
export interface ProposedKey {
  readonly stored: NewSubjectKey;
  readonly key: UsableKey;
  /** Until when it may be cached. */
  readonly until: number;
  /** The number of dropped keys at that time. */
  readonly drops: number;
}

interface Entry {
  readonly generation: number;
  readonly erased: boolean;
  /** undefined: the key was deleted. */
  readonly key: UsableKey | undefined;
  readonly until: number;
}

/**
 * Caches the unwrapped keys of subjects for a limited time. For that time this process can still read the data of a
 * subject that another process has erased.
 */
export class KeyRing implements Keys {
  /** Edits that were encrypted with keys of the cache. */
  readonly recent: RecentEdits;
  private readonly keys: SubjectKeyStore;
  private readonly options: KeyRingOptions;
  private readonly random = new RandomPool();
  private readonly entries = new Map<string, Entry>();
  /** Goes through the entries from the oldest on. Deleted entries are skipped once, not at each eviction. */
  private oldest = this.entries.keys();
  private readonly pending = new Map<string, Promise<Entry | undefined>>();
  /** Counts dropped keys, since a read that began before a drop must not cache the key again. */
  private drops = 0;

  constructor(keys: SubjectKeyStore, options: KeyRingOptions) {
    this.keys = keys;
    this.options = options;
    this.recent = new RecentEdits(options.ttl > 0);
  }

  get cryptography(): Cryptography {
    return this.options.cryptography;
  }

  /** `within`: the transaction on whose connection to read, see {@link SubjectKeyStore.find}. */
  toRead(ids: readonly KeyId[], within?: RowTransaction): MaybePromise<readonly (UsableKey | NoKey)[]> {
    const known = ids.map((id) => this.fresh(id, id.generation));
    const keys = known.flatMap((entry, i) => (entry === undefined ? [] : pick(ids[i] as KeyId, entry)));
    return keys.length === ids.length ? keys : this.readMissing(ids, known, within);
  }

  /** Reads the key for encryption on the connection of a transaction; undefined if there is none yet and one can be created. */
  find(id: SubjectId, within: RowTransaction): MaybePromise<UsableKey | "erased" | undefined> {
    return (
      this.fresh(id, 1)?.key ??
      this.read([id], within).then(([entry]) => entry?.key ?? (entry?.erased === true ? "erased" : undefined))
    );
  }

  toWrite(id: SubjectId, isNew = false): MaybePromise<UsableKey | "erased"> {
    const entry = this.fresh(id, 1);
    if (entry !== undefined || isNew) return entry?.key ?? this.create(id);
    return this.lookUp([id]).then(([found]) => found?.key ?? this.create(id));
  }

  /** Makes the first key of a subject, for a caller that stores it together with what it encrypts. */
  propose({ tenant, subject }: SubjectId): MaybePromise<ProposedKey> {
    const { wrap, ttl } = this.options;
    const { drops } = this;
    const raw = new Uint8Array(32);
    this.random.fill(raw);
    const until = performance.now() + ttl;
    const wrapping = wrap === undefined ? raw : wrap.wrap(raw, { tenant, subject });
    return andThen(wrapping, (key) =>
      andThen(this.cryptography.key(raw), (aes) => ({
        stored: { tenant, subject, wrapped: { key, wrappedBy: wrap?.id ?? "" } },
        key: { generation: 1, raw, aes },
        until,
        drops,
      })),
    );
  }

  /** Caches a key that was proposed and is stored now. */
  adopt({ stored, key, until, drops }: ProposedKey): void {
    if (drops === this.drops) this.hold(stored, { generation: key.generation, erased: false, key, until });
  }

  /** Whether the key of a subject is cached. */
  has(id: SubjectId): boolean {
    return this.fresh(id, 1) !== undefined;
  }

  /** Reads the key of a subject into the cache before it is needed; undefined if it is there. */
  prefetch(id: SubjectId): Promise<unknown> | undefined {
    return this.fresh(id, 1) === undefined ? this.lookUp([id]) : undefined;
  }

  /** Returns the erased ones among the subjects. Reads the store, since the cache may be stale. */
  async findErased(ids: readonly SubjectId[]): Promise<readonly SubjectId[]> {
    const found = await this.keys.find(ids);
    const erased = ids.filter((_, i) => found[i]?.erased === true);
    for (const id of erased) this.drop(id);
    return erased;
  }

  /** Removes the key of a subject from the cache. */
  drop(id: SubjectId): void {
    const name = nameOf(id);
    this.drops++;
    this.recent.drop(this.entries.get(name)?.key);
    this.entries.delete(name);
    this.pending.delete(name);
  }

  private async readMissing(
    ids: readonly KeyId[],
    known: readonly (Entry | undefined)[],
    within: RowTransaction | undefined,
  ): Promise<readonly (UsableKey | NoKey)[]> {
    const read = await this.lookUp(
      ids.filter((_, i) => known[i] === undefined),
      within,
    );
    let at = 0;
    return mapAll(ids, (id, i) => {
      const entry = known[i] ?? read[at++];
      if (isAtLeast(entry, id)) return pick(id, entry);
      // A shared read may have begun before this key was created.
      return this.read([id], within).then(([again]) => (isAtLeast(again, id) ? pick(id, again) : "missing"));
    });
  }

  private fresh(id: SubjectId, generation: number): Entry | undefined {
    const name = nameOf(id);
    const entry = this.entries.get(name);
    if (entry === undefined) return undefined;
    if (entry.until <= performance.now()) {
      this.entries.delete(name);
      return undefined;
    }
    return entry.generation < generation ? undefined : entry;
  }

  /** Reads keys in one round trip, and shares reads that are already pending. */
  private lookUp(ids: readonly SubjectId[], within?: RowTransaction): Promise<readonly (Entry | undefined)[]> {
    // A shared read may wait for the connection that the transaction holds, which would deadlock.
    if (within !== undefined) return this.read(ids, within);
    const names = ids.map(nameOf);
    const fresh = [...new Map(ids.map((id, i) => [names[i] as string, id]))].filter(
      ([name]) => !this.pending.has(name),
    );
    if (fresh.length > 0) {
      const read = this.read(fresh.map(([, id]) => id));
      for (const [i, [name]] of fresh.entries()) {
        const one = read.then((entries) => entries[i]);
        this.pending.set(name, one);
        const settled = () => {
          if (this.pending.get(name) === one) this.pending.delete(name);
        };
        one.then(settled, settled);
      }
    }
    return Promise.all(names.map((name) => this.pending.get(name)));
  }

  private async read(ids: readonly SubjectId[], within?: RowTransaction): Promise<readonly (Entry | undefined)[]> {
    const { drops } = this;
    const until = performance.now() + this.options.ttl;
    const found = await this.keys.find(ids, within);
    const entries = await mapAll(ids, (id, i) => this.open(id, found[i], until));
    // A subject without a key is not cached, since its key may be created at any time.
    for (const [i, id] of ids.entries()) {
      const entry = entries[i];
      if (entry !== undefined && drops === this.drops && (entry.key !== undefined || entry.erased))
        this.hold(id, entry);
    }
    return entries;
  }

  private open(id: SubjectId, found: SubjectKey | undefined, until: number): MaybePromise<Entry | undefined> {
    if (found === undefined) return undefined;
    const { generation, wrapped, erased } = found;
    if (wrapped === undefined) return { generation, erased, key: undefined, until };
    return andThen(this.unwrap(wrapped, id), (raw) =>
      andThen(this.cryptography.key(raw), (aes) => ({ generation, erased, key: { generation, raw, aes }, until })),
    );
  }

  private unwrap({ key, wrappedBy: by }: WrappedKey, { tenant, subject }: SubjectId): MaybePromise<Uint8Array> {
    if (by === "") return key;
    if (this.options.wrap !== undefined) return this.options.wrap.unwrap(key, { tenant, subject }, by);
    throw new PotterError(
      "failed_precondition",
      `a key of personal data is wrapped by "${by}", and this app has nothing to unwrap it with: give createApp "personalData.wrap"`,
      { confidential: true },
    );
  }

  private async create(id: SubjectId): Promise<UsableKey | "erased"> {
    const proposing = this.propose(id);
    const proposed = isPromise(proposing) ? await proposing : proposing;
    const found = await this.keys.create({ tenant: id.tenant, subject: id.subject }, proposed.stored.wrapped);
    if (found.wrapped !== undefined && isSame(found.wrapped, proposed.stored.wrapped)) {
      // A key management service need not unwrap what it has just wrapped.
      const made = { ...proposed, key: { ...proposed.key, generation: found.generation } };
      this.adopt(made);
      return made.key;
    }
    const entry = await this.open(id, found, proposed.until);
    if (entry?.key === undefined) return "erased";
    if (proposed.drops === this.drops) this.hold(id, entry);
    return entry.key;
  }

  private hold(id: SubjectId, entry: Entry): void {
    const name = nameOf(id);
    this.entries.delete(name);
    this.entries.set(name, entry);
    if (this.entries.size <= this.options.limit) return;
    let next = this.oldest.next();
    if (next.done === true) {
      this.oldest = this.entries.keys();
      next = this.oldest.next();
    }
    this.entries.delete(next.value as string);
  }
}

/** Returns a unique name for a subject in a tenant. */
export function nameOf({ tenant, subject }: SubjectId): string {
  // Without a copy in the common case. A subject that begins with a null character has the other form.
  return tenant === "" && subject.charCodeAt(0) !== 0 ? subject : `\0${tenant.length} ${tenant}${subject}`;
}

function isSame(a: WrappedKey, b: WrappedKey): boolean {
  if (a.wrappedBy !== b.wrappedBy || a.key.length !== b.key.length) return false;
  return a.key === b.key || a.key.every((byte, i) => byte === b.key[i]);
}

/** Picks a key from an entry that is at least as new. */
function pick(id: KeyId, { generation, key }: Entry): UsableKey | NoKey {
  return (generation === id.generation ? key : undefined) ?? "erased";
}

function isAtLeast(entry: Entry | undefined, { generation }: KeyId): entry is Entry {
  return entry !== undefined && entry.generation >= generation;
}
