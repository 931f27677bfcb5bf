import { PotterError } from "../errors/index.js";
import type { RowTransaction, SubjectId, SubjectKey, SubjectKeyStore } from "../store/ports/index.js";
import type { AesKey, AesProvider } from "./aes.js";
import type { KeyWrapper } from "./key-wrap.js";

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
  readonly aes: AesProvider;
  readonly wrap?: KeyWrapper | undefined;
  /** How long a key is cached, in milliseconds. */
  readonly ttl: number;
  /** The largest number of cached keys. */
  readonly limit: number;
}

/** Why there is no key: `erased`, the subject was erased; `missing`, the store has lost a key that it should have. */
export type NoKey = "erased" | "missing";

/** Provides keys for encryption and decryption. */
export interface Keys {
  /** Returns the keys for decryption, in the order of `ids`. */
  toRead(ids: readonly KeyId[]): Promise<readonly (UsableKey | NoKey)[]>;
  /** Returns the key for encryption. Creates it if there is none and the subject was not erased. */
  toWrite(id: SubjectId): Promise<UsableKey | "erased">;
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
  private readonly keys: SubjectKeyStore;
  private readonly options: KeyRingOptions;
  private readonly entries = new Map<string, Entry>();
  private readonly pending = new Map<string, Promise<Entry | undefined>>();
  /** Counts dropped keys, since a read that began before a drop must not cache the key again. */
  private drops = 0;

  constructor(keys: SubjectKeyStore, options: KeyRingOptions) {
    this.keys = keys;
    this.options = options;
  }

  get aes(): AesProvider {
    return this.options.aes;
  }

  /** `within`: the transaction on whose connection to read, see {@link SubjectKeyStore.find}. */
  async toRead(ids: readonly KeyId[], within?: RowTransaction): Promise<readonly (UsableKey | NoKey)[]> {
    const known = ids.map((id) => this.fresh(id, id.generation));
    const missing = ids.filter((_, i) => known[i] === undefined);
    const read = missing.length === 0 ? [] : await this.lookUp(missing, within);
    let at = 0;
    return Promise.all(ids.map((id, i) => this.pick(id, known[i] ?? read[at++], within)));
  }

  /** Reads the key for encryption on the connection of a transaction; undefined if there is none yet and one can be created. */
  async find(id: SubjectId, within: RowTransaction): Promise<UsableKey | "erased" | undefined> {
    const known = this.fresh(id, 1)?.key;
    if (known !== undefined) return known;
    const [entry] = await this.read([id], within);
    return entry?.key ?? (entry?.erased === true ? "erased" : undefined);
  }

  async toWrite(id: SubjectId): Promise<UsableKey | "erased"> {
    const entry = this.fresh(id, 1) ?? (await this.lookUp([id]))[0];
    return entry?.key ?? this.create(id);
  }

  /** Reads the key of a subject into the cache before it is needed. */
  async prefetch(id: SubjectId): Promise<void> {
    if (this.fresh(id, 1) === undefined) await this.lookUp([id]);
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
    this.drops++;
    this.entries.delete(nameOf(id));
    this.pending.delete(nameOf(id));
  }

  private async pick(
    id: KeyId,
    entry: Entry | undefined,
    within: RowTransaction | undefined,
  ): Promise<UsableKey | NoKey> {
    // A shared read may have begun before this key was created.
    const found = isAtLeast(entry, id) ? entry : (await this.read([id], within))[0];
    if (!isAtLeast(found, id)) return "missing";
    return (found.generation === id.generation ? found.key : undefined) ?? "erased";
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
    const entries = await Promise.all(ids.map((id, i) => this.open(id, found[i], until)));
    // A subject without a key is not cached, since its key may be created at any time.
    for (const [i, id] of ids.entries()) {
      const entry = entries[i];
      if (entry !== undefined && drops === this.drops && (entry.key !== undefined || entry.erased))
        this.hold(id, entry);
    }
    return entries;
  }

  private async open(id: SubjectId, found: SubjectKey | undefined, until: number): Promise<Entry | undefined> {
    if (found === undefined) return undefined;
    const { generation, wrapped, erased } = found;
    if (wrapped === undefined) return { generation, erased, key: undefined, until };
    const raw = wrapped.wrappedBy === "" ? wrapped.key : await this.unwrap(wrapped.key, id, wrapped.wrappedBy);
    return { generation, erased, key: { generation, raw, aes: await this.options.aes.key(raw) }, until };
  }

  private unwrap(wrapped: Uint8Array, { tenant, subject }: SubjectId, by: string): Promise<Uint8Array> {
    if (this.options.wrap !== undefined) return this.options.wrap.unwrap(wrapped, { tenant, subject }, by);
    throw new PotterError(
      "failed_precondition",
      `a key of personal data is wrapped by "${by}", and this app has nothing to unwrap it with: give createApp "personalData.wrap"`,
      { confidential: true },
    );
  }

  private async create(id: SubjectId): Promise<UsableKey | "erased"> {
    const { wrap, ttl } = this.options;
    const { drops } = this;
    const { tenant, subject } = id;
    const raw = crypto.getRandomValues(new Uint8Array(32));
    const wrapped =
      wrap === undefined
        ? { key: raw, wrappedBy: "" }
        : { key: await wrap.wrap(raw, { tenant, subject }), wrappedBy: wrap.id };
    const until = performance.now() + ttl;
    const entry = await this.open(id, await this.keys.create({ tenant, subject }, wrapped), until);
    if (entry?.key === undefined) return "erased";
    if (drops === this.drops) this.hold(id, entry);
    return entry.key;
  }

  private hold(id: SubjectId, entry: Entry): void {
    const name = nameOf(id);
    this.entries.delete(name);
    this.entries.set(name, entry);
    if (this.entries.size <= this.options.limit) return;
    for (const oldest of this.entries.keys()) {
      this.entries.delete(oldest);
      return;
    }
  }
}

/** Returns a unique name for a subject in a tenant. */
export function nameOf({ tenant, subject }: SubjectId): string {
  return `${tenant.length} ${tenant}${subject}`;
}

function isAtLeast(entry: Entry | undefined, { generation }: KeyId): entry is Entry {
  return entry !== undefined && entry.generation >= generation;
}
