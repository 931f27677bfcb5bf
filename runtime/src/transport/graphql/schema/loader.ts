/** What a batch finds, by key. What is not there is undefined; an error is thrown to who asked for its key. */
export type Found<T> = ReadonlyMap<string, T | Error>;

/**
 * Gathers what is asked for at the same time and asks for it once, each key once. Keeps nothing: what is asked for
 * later may have changed.
 */
export class Loader<T> {
  private readonly load: (keys: readonly string[]) => Promise<Found<T>>;
  private readonly most: number;
  private batch: Batch<T> | undefined;

  /** `most`: how many keys `load` takes at once. */
  constructor(load: (keys: readonly string[]) => Promise<Found<T>>, most: number) {
    this.load = load;
    this.most = most;
  }

  /** undefined: there is none of this key. */
  async get(key: string): Promise<T | undefined> {
    this.batch ??= this.open();
    this.batch.keys.add(key);
    const value = (await this.batch.found).get(key);
    if (value instanceof Error) throw value;
    return value;
  }

  private open(): Batch<T> {
    const keys = new Set<string>();
    const found = settled().then(() => {
      this.batch = undefined;
      return this.loadAll([...keys]);
    });
    return { keys, found };
  }

  private async loadAll(keys: readonly string[]): Promise<Found<T>> {
    const parts: Promise<Found<T>>[] = [];
    for (let at = 0; at < keys.length; at += this.most) parts.push(this.load(keys.slice(at, at + this.most)));
    return new Map((await Promise.all(parts)).flatMap((part) => [...part]));
  }
}

interface Batch<T> {
  readonly keys: Set<string>;
  readonly found: Promise<Found<T>>;
}

/** Lists and promises take an executor a few turns before it asks for what they hold. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await undefined;
}
