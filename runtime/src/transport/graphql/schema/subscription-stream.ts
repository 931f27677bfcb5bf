import { onAbort } from "../../../async/index.js";
import type { CallOptions } from "../../../cqrs/index.js";
import type { GraphQLContext } from "../context/index.js";
import { keepPlace, toClient } from "../context/index.js";

const done: IteratorResult<unknown> = { done: true, value: undefined };

/**
 * The items of a stream for one subscription. When that ends, so does the call: its signal aborts, and nobody waits for an
 * item that may never come, as a generator does that is asked to return. An item is asked for when the client can take it.
 */
export class Stream implements AsyncIterableIterator<unknown> {
  private readonly context: unknown;
  private readonly end = new AbortController();
  private forget: () => void = () => {};
  private items: AsyncIterator<unknown> | undefined;
  private pending: ((result: IteratorResult<unknown>) => void) | undefined;
  private over = false;

  /** `open` makes the call, whose signal is that of the stream. Rejects with what a client is told of an error. */
  static async open(
    context: unknown,
    open: (signal: AbortSignal) => Promise<AsyncIterable<unknown>>,
  ): Promise<AsyncIterableIterator<unknown>> {
    const stream = new Stream(context);
    try {
      const items = await open(stream.end.signal);
      keepPlace(context, items);
      stream.items = items[Symbol.asyncIterator]();
      // The client went while the call was made.
      if (stream.over) stream.leave();
      return stream;
    } catch (error) {
      stream.close();
      throw toClient(error, context);
    }
  }

  private constructor(context: unknown) {
    this.context = context;
    const call: CallOptions | undefined = (context as GraphQLContext | undefined)?.call;
    this.forget = onAbort(call?.signal, () => this.close());
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<unknown>> {
    const { items } = this;
    if (this.over || items === undefined) return Promise.resolve(done);
    return new Promise((resolve, reject) => {
      this.pending = resolve;
      items.next().then(
        (result) => {
          if (result.done === true) this.close();
          else if (!this.over) keepPlace(this.context, result.value);
          resolve(result);
        },
        (error: unknown) => {
          // What fails because it was ended has not failed.
          if (this.over) resolve(done);
          else {
            this.close();
            reject(toClient(error, this.context));
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
    if (this.over) return;
    this.over = true;
    this.forget();
    this.end.abort();
    this.leave();
    this.pending?.(done);
  }

  /** Lets go of the items. Whoever makes them may still be at work on one. */
  private leave(): void {
    this.items?.return?.().catch(() => {});
  }
}
