import type { DefaultCallContext } from "./call-context.js";
import type { CallContext } from "./context.js";
import type { Running } from "./running.js";

/** Where running work is listed. */
interface RunningList {
  begin(running: Running): boolean;
  end(running: Running): void;
}

/** The items of a streamed response, until it ends or is aborted. */
export class RunningStream<Item> implements Running, AsyncIterableIterator<Item> {
  before: Running | undefined = undefined;
  after: Running | undefined = undefined;
  readonly context: CallContext | undefined;
  private readonly calls: RunningList;
  private readonly call: DefaultCallContext;
  /** What is followed. May be replaced before the first item is requested. */
  items: AsyncIterable<Item>;
  private readonly pending = new Set<(error: unknown) => void>();
  private iterator: AsyncIterator<Item> | undefined;
  private failure: { readonly error: unknown } | undefined;

  constructor(calls: RunningList, call: DefaultCallContext, items: AsyncIterable<Item>) {
    this.calls = calls;
    this.call = call;
    this.items = items;
    this.context = call.context;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<Item>> {
    return new Promise((resolve, reject) => this.reader(resolve, reject)());
  }

  /**
   * Returns a function that requests the next item as `next` does, without a promise for it: one item at a time. Whatever follows an
   * error counts no more.
   */
  reader(resolve: (step: IteratorResult<Item>) => void, reject: (error: unknown) => void): () => void {
    const { pending } = this;
    const take = (step: IteratorResult<Item>): void => {
      pending.delete(reject);
      if (step.done === true) this.end();
      resolve(step);
    };
    const fail = (error: unknown): void => {
      pending.delete(reject);
      this.end();
      reject(error);
    };
    return () => {
      if (this.iterator === undefined) {
        this.iterator = this.items[Symbol.asyncIterator]();
        this.calls.begin(this);
      }
      if (this.failure !== undefined) reject(this.failure.error);
      else {
        pending.add(reject);
        Promise.resolve(this.iterator.next()).then(take, fail);
      }
    };
  }

  async return(): Promise<IteratorResult<Item>> {
    const { iterator } = this;
    this.end();
    this.iterator ??= this.items[Symbol.asyncIterator]();
    if (this.failure === undefined) await iterator?.return?.();
    return { done: true, value: undefined };
  }

  fail(error: unknown): void {
    this.failure = { error };
    this.end();
    for (const reject of this.pending) reject(error);
    this.call.fail(error);
    // Not awaited, since it may hang.
    this.iterator?.return?.()?.catch(() => {});
  }

  private end(): void {
    this.calls.end(this);
    this.call.release();
  }
}
