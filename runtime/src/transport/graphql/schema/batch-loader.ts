/** Loads the values of keys, in their order. A missing value is undefined; an error fails the request of its key only. */
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

  /** Resolves to undefined if there is no value. */
  get(key: string): Promise<T | undefined> {
    return this.request(key).promise;
  }

  /** Requests the value of a key, which arrives later. Requests for the same key in a batch are the same object. */
  request(key: string): KeyRequest<T> {
    this.batch ??= this.open();
    let request = this.batch.get(key);
    if (request === undefined) {
      request = new KeyRequest(key);
      this.batch.set(key, request);
    }
    return request;
  }

  private open(): Map<string, KeyRequest<T>> {
    const batch = new Map<string, KeyRequest<T>>();
    void settled().then(() => {
      this.batch = undefined;
      const requests = [...batch.values()];
      for (let at = 0; at < requests.length; at += this.maxKeys) {
        void this.loadKeys(requests.length <= this.maxKeys ? requests : requests.slice(at, at + this.maxKeys));
      }
    });
    return batch;
  }

  private async loadKeys(requests: readonly KeyRequest<T>[]): Promise<void> {
    let found: readonly (T | Error | undefined)[];
    try {
      found = await this.load(requests.map(({ key }) => key));
    } catch (error) {
      for (const request of requests) request.fail(error);
      return;
    }
    for (let at = 0; at < requests.length; at++) {
      const value = found[at];
      if (value instanceof Error) requests[at]?.fail(value);
      else requests[at]?.succeed(value);
    }
  }
}

/** What is notified when a request is answered. It must not throw. */
export interface KeyListener<T> {
  /** The value is undefined if there is none for the key. */
  onValue(value: T | undefined): void;
  onError(error: unknown): void;
}

/**
 * A request for the value of a key. Its listeners are notified in the turn of the answer: a promise for each would cost more.
 *
 * Its state is in its fields, and its list of listeners begins with the second one: V8 allocates array and object literals of
 * a place in the code that creates many of them among the old objects, if those before survived a collection. Such objects
 * keep the whole request alive until the next full collection.
 */
export class KeyRequest<T> {
  readonly key: string;
  private state: "pending" | "found" | "failed" = "pending";
  private value: T | undefined = undefined;
  private error: unknown = undefined;
  private listener: KeyListener<T> | undefined = undefined;
  private others: KeyListener<T>[] | undefined = undefined;
  private cachedPromise: Promise<T | undefined> | undefined = undefined;

  constructor(key: string) {
    this.key = key;
  }

  /** Notifies the listener of the answer, at once if it is there. */
  listen(listener: KeyListener<T>): void {
    if (this.state !== "pending") this.notify(listener);
    else if (this.listener === undefined) this.listener = listener;
    else {
      this.others ??= [];
      this.others.push(listener);
    }
  }

  /** Created when first read. All callers share it. */
  get promise(): Promise<T | undefined> {
    this.cachedPromise ??= new Promise((onValue, onError) => {
      this.listen({ onValue, onError });
    });
    return this.cachedPromise;
  }

  succeed(value: T | undefined): void {
    this.state = "found";
    this.value = value;
    this.notifyAll();
  }

  fail(error: unknown): void {
    this.state = "failed";
    this.error = error;
    this.notifyAll();
  }

  private notifyAll(): void {
    if (this.listener !== undefined) this.notify(this.listener);
    if (this.others !== undefined) for (const listener of this.others) this.notify(listener);
  }

  private notify(listener: KeyListener<T>): void {
    if (this.state === "found") listener.onValue(this.value);
    else listener.onError(this.error);
  }
}

/** Waits a few microtasks, which an executor needs to reach fields within lists and promises. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await undefined;
}
