import { onAbort } from "../../../async/index.js";
import type { CallOptions } from "../../../cqrs/index.js";
import type { GraphQLContext } from "../context/index.js";
import { recordResumePosition, toClientError } from "../context/index.js";

const done: IteratorResult<unknown> = { done: true, value: undefined };

/**
 * The source stream of one subscription. Ending the subscription aborts the signal of the call, and does not wait for a pending
 * item, as a generator would. Pulls an item when the client can receive it.
 */
export class SubscriptionStream implements AsyncIterableIterator<unknown> {
  private readonly context: unknown;
  private readonly end = new AbortController();
  private removeAbortListener: () => void = () => {};
  private items: AsyncIterator<unknown> | undefined;
  private pending: ((result: IteratorResult<unknown>) => void) | undefined;
  private isOver = false;

  /** `open` makes the call with the signal of the stream. Rejects with an error for clients. */
  static async open(
    context: unknown,
    open: (signal: AbortSignal) => Promise<AsyncIterable<unknown>>,
  ): Promise<AsyncIterableIterator<unknown>> {
    const stream = new SubscriptionStream(context);
    try {
      const items = await open(stream.end.signal);
      recordResumePosition(context, items);
      stream.items = items[Symbol.asyncIterator]();
      // The client disconnected during the call.
      if (stream.isOver) stream.returnItems();
      return stream;
    } catch (error) {
      stream.close();
      throw toClientError(error, context);
    }
  }

  private constructor(context: unknown) {
    this.context = context;
    const call: CallOptions | undefined = (context as GraphQLContext | undefined)?.call;
    this.removeAbortListener = onAbort(call?.signal, () => this.close());
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<unknown>> {
    const { items } = this;
    if (this.isOver || items === undefined) return Promise.resolve(done);
    return new Promise((resolve, reject) => {
      this.pending = resolve;
      items.next().then(
        (result) => {
          if (result.done === true) this.close();
          else if (!this.isOver) recordResumePosition(this.context, result.value);
          resolve(result);
        },
        (error: unknown) => {
          // A failure after the end is a consequence of it.
          if (this.isOver) resolve(done);
          else {
            this.close();
            reject(toClientError(error, this.context));
          }
        },
      );
    });
  }

  return(): Promise<IteratorResult<unknown>> {
    this.close();
    return Promise.resolve(done);
  }

  throw(error: unknown): Promise<IteratorResult<unknown>> {
    this.close();
    return Promise.reject(error);
  }

  private close(): void {
    if (this.isOver) return;
    this.isOver = true;
    this.removeAbortListener();
    this.end.abort();
    this.returnItems();
    this.pending?.(done);
  }

  /** Closes the source without waiting, since it may be producing an item. */
  private returnItems(): void {
    this.items?.return?.().catch(() => {});
  }
}
