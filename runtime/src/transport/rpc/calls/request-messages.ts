import type { MaybePromise } from "../../../async/index.js";
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

  async next(): Promise<IteratorResult<unknown>> {
    if (this.done) return end;
    try {
      const envelope = await this.scope.race(this.envelopes.read());
      if (envelope !== undefined) return { done: false, value: await this.decode(envelope) };
      this.done = true;
      return end;
    } catch (error) {
      this.release();
      throw error;
    } finally {
      this.begin();
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
}

const end: IteratorReturnResult<undefined> = { done: true, value: undefined };
