/** Finds what keys stand for, in their order. What is not there is undefined; an error is for who asked for its key. */
export type Load<T> = (keys: readonly string[]) => Promise<readonly (T | Error | undefined)[]>;

/**
 * Gathers what is asked for at the same time and asks for it once, each key once. Keeps nothing: what is asked for
 * later may have changed.
 */
export class Loader<T> {
  private readonly load: Load<T>;
  private readonly most: number;
  private batch: Map<string, Wanted<T>> | undefined;

  /** `most`: how many keys `load` takes at once. */
  constructor(load: Load<T>, most: number) {
    this.load = load;
    this.most = most;
  }

  /** undefined: there is none of this key. Whoever asks for the same key at the same time gets the same promise. */
  get(key: string): Promise<T | undefined> {
    this.batch ??= this.open();
    const known = this.batch.get(key);
    if (known !== undefined) return known.promise;
    const wanted = want<T>();
    this.batch.set(key, wanted);
    return wanted.promise;
  }

  private open(): Map<string, Wanted<T>> {
    const batch = new Map<string, Wanted<T>>();
    void settled().then(() => {
      this.batch = undefined;
      const keys = [...batch.keys()];
      const wanted = [...batch.values()];
      for (let at = 0; at < keys.length; at += this.most) {
        void this.answer(keys.slice(at, at + this.most), wanted.slice(at, at + this.most));
      }
    });
    return batch;
  }

  private async answer(keys: readonly string[], wanted: readonly Wanted<T>[]): Promise<void> {
    try {
      const found = await this.load(keys);
      wanted.forEach(({ resolve, reject }, at) => {
        const value = found[at];
        if (value instanceof Error) reject(value);
        else resolve(value);
      });
    } catch (error) {
      for (const { reject } of wanted) reject(error);
    }
  }
}

/** A key that is asked for. */
interface Wanted<T> {
  readonly promise: Promise<T | undefined>;
  readonly resolve: (value: T | undefined) => void;
  readonly reject: (error: unknown) => void;
}

function want<T>(): Wanted<T> {
  let resolve: Wanted<T>["resolve"] | undefined;
  let reject: Wanted<T>["reject"] | undefined;
  const promise = new Promise<T | undefined>((onValue, onError) => {
    resolve = onValue;
    reject = onError;
  });
  // The executor of a promise runs at once.
  return { promise, resolve: resolve as Wanted<T>["resolve"], reject: reject as Wanted<T>["reject"] };
}

/** Lists and promises take an executor a few turns before it asks for what they hold. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await undefined;
}
