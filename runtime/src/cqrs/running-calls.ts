import type { DefaultCallContext } from "./call-context.js";
import type { CallContext, CallOptions } from "./context.js";
import type { Running } from "./running.js";
import { streamItemIdOf, withStreamItemId } from "./stream-item-id.js";

/** The running work of an app. A stopping app waits for it, and aborts what takes too long. */
export class RunningCalls {
  /** The number of handlers that were called and have not returned yet: of these, what has not begun is on the stack. */
  depth = 0;
  private first: Running | undefined = undefined;
  private wake: (() => void) | undefined;
  private ended: { readonly error: unknown } | undefined;

  /** Whether all work was aborted. */
  get isEnded(): boolean {
    return this.ended !== undefined;
  }

  /** Adds running work. Returns false, and fails the work, if all work was aborted before: then it must not start. */
  begin(running: Running): boolean {
    if (this.ended !== undefined) {
      running.fail(this.ended.error);
      return false;
    }
    const { first } = this;
    running.after = first;
    if (first !== undefined) first.before = running;
    this.first = running;
    return true;
  }

  /** Removes work that has ended. Has no effect for work that has not begun or was removed before. */
  end(running: Running): void {
    const { before, after } = running;
    if (before === undefined && this.first !== running) return;
    if (before === undefined) this.first = after;
    else before.after = after;
    if (after !== undefined) after.before = before;
    running.before = undefined;
    running.after = undefined;
    if (this.first === undefined) this.wake?.();
  }

  /** All running work. */
  get all(): readonly Running[] {
    const found: Running[] = [];
    for (let one = this.first; one !== undefined; one = one.after) found.push(one);
    return found;
  }

  /** Tracks work other than a call. The returned promise rejects if the work is aborted. */
  track<T>(work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const running = new RunningWork(reject);
      this.begin(running);
      work.then(
        (result) => {
          this.end(running);
          resolve(result);
        },
        (error: unknown) => {
          this.end(running);
          reject(error);
        },
      );
    });
  }

  /** Tracks a streamed response: it is running work from the request of its first item until its end. */
  follow<Item>(call: DefaultCallContext, items: AsyncIterable<Item>): AsyncIterable<Item> {
    const stream = new RunningStream(this, call, items);
    const id = streamItemIdOf(items);
    return id === undefined ? stream : withStreamItemId(stream, id);
  }

  /**
   * Whether a call is made by a running call: before the handler of that has returned, or it passes on the correlation id, the
   * command id or the signal.
   */
  includes({ causationId, correlationId, signal }: CallOptions): boolean {
    if (this.depth > 0) return true;
    return this.all.some(
      ({ context }) =>
        context !== undefined &&
        ((causationId !== undefined && causationId === context.commandId) ||
          (correlationId !== undefined && correlationId === context.correlationId) ||
          (signal !== undefined && signal === context.signal)),
    );
  }

  /** Resolves when no work is running. */
  async settled(): Promise<void> {
    do {
      if (this.first !== undefined) {
        await new Promise<void>((resolve) => {
          this.wake = resolve;
        });
      }
      // A caller that just received its response may read the first item of a stream, or make its next call.
      await new Promise((resolve) => setTimeout(resolve, 0));
    } while (this.first !== undefined);
  }

  /** Aborts all running work, and all work that begins from now on. */
  fail(error: unknown): void {
    this.ended = { error };
    for (const running of this.all) running.fail(error);
  }
}

/** Running work other than a call. */
class RunningWork implements Running {
  before: Running | undefined = undefined;
  after: Running | undefined = undefined;
  readonly context = undefined;
  readonly fail: (error: unknown) => void;

  constructor(reject: (error: unknown) => void) {
    this.fail = reject;
  }
}

/** The items of a streamed response, until it ends or is aborted. */
class RunningStream<Item> implements Running, AsyncIterableIterator<Item> {
  before: Running | undefined = undefined;
  after: Running | undefined = undefined;
  readonly context: CallContext | undefined;
  private readonly calls: RunningCalls;
  private readonly call: DefaultCallContext;
  private readonly items: AsyncIterable<Item>;
  private readonly pending = new Set<(error: unknown) => void>();
  private iterator: AsyncIterator<Item> | undefined;
  private failure: { readonly error: unknown } | undefined;

  constructor(calls: RunningCalls, call: DefaultCallContext, items: AsyncIterable<Item>) {
    this.calls = calls;
    this.call = call;
    this.items = items;
    this.context = call.context;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<Item>> {
    if (this.iterator === undefined) {
      this.iterator = this.items[Symbol.asyncIterator]();
      this.calls.begin(this);
    }
    if (this.failure !== undefined) return Promise.reject(this.failure.error);
    const step = this.iterator.next();
    return new Promise((resolve, reject) => {
      this.pending.add(reject);
      step.then(
        (result) => {
          this.pending.delete(reject);
          if (result.done === true) this.end();
          resolve(result);
        },
        (error: unknown) => {
          this.pending.delete(reject);
          this.end();
          reject(error);
        },
      );
    });
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
    this.pending.clear();
    this.call.fail(error);
    // Not awaited, since it may hang.
    this.iterator?.return?.()?.catch(() => {});
  }

  private end(): void {
    this.calls.end(this);
    this.call.release();
  }
}
