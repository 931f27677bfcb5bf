/** Loads the values of keys, in their order. A missing value is undefined; an error rejects the promise of its key only. */
export type LoadBatch<T> = (keys: readonly string[]) => Promise<readonly (T | Error | undefined)[]>;

/** Batches keys that are requested at the same time and loads each once. Caches nothing, since values may change later. */
export class BatchLoader<T> {
  private readonly load: LoadBatch<T>;
  private readonly maxKeys: number;
  private batch: Map<string, KeyRequest<T>> | undefined;

  /** `maxKeys`: maximum number of keys for one call of `load`. */
  constructor(load: LoadBatch<T>, maxKeys: number) {
    this.load = load;
    this.maxKeys = maxKeys;
  }

  /** Resolves to undefined if there is no value. Requests for the same key in a batch share a promise. */
  get(key: string): Promise<T | undefined> {
    this.batch ??= this.open();
    const known = this.batch.get(key);
    if (known !== undefined) return known.promise;
    const request = createRequest<T>();
    this.batch.set(key, request);
    return request.promise;
  }

  private open(): Map<string, KeyRequest<T>> {
    const batch = new Map<string, KeyRequest<T>>();
    void settled().then(() => {
      this.batch = undefined;
      const keys = [...batch.keys()];
      const requests = [...batch.values()];
      for (let at = 0; at < keys.length; at += this.maxKeys) {
        void this.loadKeys(keys.slice(at, at + this.maxKeys), requests.slice(at, at + this.maxKeys));
      }
    });
    return batch;
  }

  private async loadKeys(keys: readonly string[], requests: readonly KeyRequest<T>[]): Promise<void> {
    try {
      const found = await this.load(keys);
      requests.forEach(({ resolve, reject }, at) => {
        const value = found[at];
        if (value instanceof Error) reject(value);
        else resolve(value);
      });
    } catch (error) {
      for (const { reject } of requests) reject(error);
    }
  }
}

/** A request for the value of a key. */
interface KeyRequest<T> {
  readonly promise: Promise<T | undefined>;
  readonly resolve: (value: T | undefined) => void;
  readonly reject: (error: unknown) => void;
}

function createRequest<T>(): KeyRequest<T> {
  let resolve: KeyRequest<T>["resolve"] | undefined;
  let reject: KeyRequest<T>["reject"] | undefined;
  const promise = new Promise<T | undefined>((onValue, onError) => {
    resolve = onValue;
    reject = onError;
  });
  // The executor of a promise runs at once.
  return { promise, resolve: resolve as KeyRequest<T>["resolve"], reject: reject as KeyRequest<T>["reject"] };
}

/** Waits a few microtasks, which an executor needs to reach fields within lists and promises. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await undefined;
}
