interface Entry<Value> {
  readonly value: Value;
  readonly length: number;
}

/** How long all texts together may be that one cache keeps: 4 Mi UTF-16 code units. */
const mostLength = 4 * 1024 * 1024;

/** Values by key, so many and so long together at most: the one that was asked for longest ago goes first. */
export class Lru<Value> {
  private readonly most: number;
  private readonly mostLength: number;
  private readonly entries: Map<string, Entry<Value>> = new Map();
  private length = 0;

  constructor(most: number, longest: number = mostLength) {
    this.most = most;
    this.mostLength = longest;
  }

  get(key: string): Value | undefined {
    const entry = this.entries.get(key);
    if (entry === undefined) return undefined;
    this.entries.delete(key);
    this.entries.set(key, entry);
    return entry.value;
  }

  /** `length`: of the text that is kept by it. Default: that of the key. */
  set(key: string, value: Value, length: number = key.length): void {
    this.delete(key);
    this.entries.set(key, { value, length });
    this.length += length;
    for (const oldest of this.entries.keys()) {
      if (this.entries.size <= this.most && this.length <= this.mostLength) break;
      this.delete(oldest);
    }
  }

  private delete(key: string): void {
    this.length -= this.entries.get(key)?.length ?? 0;
    this.entries.delete(key);
  }
}
