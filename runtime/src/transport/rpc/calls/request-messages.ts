import { andThen, isPromise, type MaybePromise } from "../../../async/index.js";
import type { Envelope, EnvelopeReader } from "../envelope/index.js";
import type { CallScope } from "./call-scope.js";

/** The messages of a streamed request, read no faster than the handler takes them. */
export class RequestMessages implements AsyncIterableIterator<unknown> {
  private readonly envelopes: EnvelopeReader;
  private readonly decode: (envelope: Envelope) => MaybePromise<unknown>;
  private readonly scope: CallScope;
  private done = false;
  private begin: () => void = () => {};
  /** Resolves when the handler has received the first message, or knows that there is none. */
  readonly begun: Promise<void> = new Promise((resolve) => {
    this.begin = resolve;
  });

  constructor(envelopes: EnvelopeReader, decode: (envelope: Envelope) => MaybePromise<unknown>, scope: CallScope) {
    this.envelopes = envelopes;
    this.decode = decode;
    this.scope = scope;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** A message that has arrived costs one promise: a chunk has many of them. */
  next(): Promise<IteratorResult<unknown>> {
    if (this.done) return Promise.resolve(end);
    try {
      const envelope = this.scope.hasEnded ? undefined : this.envelopes.take();
      if (envelope === undefined) return this.settle(this.receive());
      const result = this.toResult(envelope);
      if (isPromise(result)) return this.settle(result);
      this.begin();
      return Promise.resolve(result);
    } catch (error) {
      return this.settle(Promise.reject(error));
    }
  }

  async return(): Promise<IteratorResult<unknown>> {
    this.release();
    return end;
  }

  /** Discards the rest of the request. Not awaited: a chunk may never come. */
  release(): void {
    if (this.done) return;
    this.done = true;
    this.envelopes.return().catch(() => {});
  }

  private async receive(): Promise<IteratorResult<unknown>> {
    const envelope = await this.scope.race(this.envelopes.read());
    if (envelope !== undefined) return this.toResult(envelope);
    this.done = true;
    return end;
  }

  private toResult(envelope: Envelope): MaybePromise<IteratorResult<unknown>> {
    return andThen(this.decode(envelope), toItem);
  }

  private async settle(result: Promise<IteratorResult<unknown>>): Promise<IteratorResult<unknown>> {
    try {
      return await result;
    } catch (error) {
      this.release();
      throw error;
    } finally {
      this.begin();
    }
  }
}

function toItem(value: unknown): IteratorResult<unknown> {
  return { done: false, value };
}

const end: IteratorReturnResult<undefined> = { done: true, value: undefined };
