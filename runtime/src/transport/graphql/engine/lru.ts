interface Entry<Value> {
  readonly value: Value;
  readonly length: number;
}

/** Default of the total length of a cache: 4 Mi UTF-16 code units. */
const defaultMaxLength = 4 * 1024 * 1024;

/** A cache limited by number of entries and total length. Evicts the least recently used entries first. */
export class LruCache<Value> {
  private readonly maxEntries: number;
  private readonly maxLength: number;
  private readonly entries: Map<string, Entry<Value>> = new Map();
  private length = 0;

  constructor(maxEntries: number, maxLength: number = defaultMaxLength) {
    this.maxEntries = maxEntries;
    this.maxLength = maxLength;
  }

  get(key: string): Value | undefined {
    const entry = this.entries.get(key);
    if (entry === undefined) return undefined;
    this.entries.delete(key);
    this.entries.set(key, entry);
    return entry.value;
  }

  /** `length`: the length of the entry. Default: that of the key. */
  set(key: string, value: Value, length: number = key.length): void {
    this.delete(key);
    this.entries.set(key, { value, length });
    this.length += length;
    for (const oldest of this.entries.keys()) {
      if (this.entries.size <= this.maxEntries && this.length <= this.maxLength) break;
      this.delete(oldest);
    }
  }

  private delete(key: string): void {
    this.length -= this.entries.get(key)?.length ?? 0;
    this.entries.delete(key);
  }
}
