import { isPromise, type MaybePromise } from "../../../async/index.js";
import type { Envelope, EnvelopeReader } from "../envelope/index.js";
import type { CallScope } from "./call-scope.js";

type Step = IteratorResult<unknown>;

/** The messages of a streamed request, read no faster than the handler takes them. */
export class RequestMessages implements AsyncIterableIterator<unknown> {
  private readonly envelopes: EnvelopeReader;
  private readonly decode: (envelope: Envelope) => MaybePromise<unknown>;
  private readonly scope: CallScope;
  private done = false;
  private hasBegun = false;
  private resolveBegun: () => void = () => {};
  /** Resolves when the handler has received the first message, or knows that there is none. */
  readonly begun: Promise<void> = new Promise((resolve) => {
    this.resolveBegun = resolve;
  });
  /** The step that the handler waits for, and the functions that settle it. */
  private waiting: Promise<Step> | undefined;
  private resolve: (step: Step) => void = () => {};
  private reject: (error: unknown) => void = () => {};
  // Functions of the object, so that a message needs none of its own.
  private readonly expect = (resolve: (step: Step) => void, reject: (error: unknown) => void): void => {
    this.resolve = resolve;
    this.reject = reject;
  };
  private readonly pass = (value: unknown): void => this.settle({ done: false, value });
  private readonly fail = (error: unknown): void => {
    if (this.waiting === undefined) return;
    this.waiting = undefined;
    this.begin();
    this.release();
    this.reject(error);
  };
  private readonly arrive = ({ done, value }: IteratorResult<Envelope>): void => {
    if (done !== true) {
      this.open(value);
    } else {
      this.done = true;
      this.settle(end);
    }
  };

  constructor(envelopes: EnvelopeReader, decode: (envelope: Envelope) => MaybePromise<unknown>, scope: CallScope) {
    this.envelopes = envelopes;
    this.decode = decode;
    this.scope = scope;
    scope.onFail(this.fail);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** A message costs one promise, whether it has arrived or is waited for. */
  next(): Promise<Step> {
    if (this.waiting !== undefined) return this.waiting.then(this.again, this.again);
    if (this.done) return Promise.resolve(end);
    try {
      if (this.scope.failure !== undefined) throw this.scope.failure;
      const envelope = this.envelopes.take();
      if (envelope === undefined) {
        const step = this.wait();
        this.envelopes.pull(this.arrive, this.fail);
        return step;
      }
      const message = this.decode(envelope);
      if (isPromise(message)) {
        const step = this.wait();
        message.then(this.pass, this.fail);
        return step;
      }
      if (!this.hasBegun) this.begin();
      return Promise.resolve({ done: false, value: message });
    } catch (error) {
      this.begin();
      this.release();
      return Promise.reject(error);
    }
  }

  async return(): Promise<Step> {
    this.release();
    return end;
  }

  /** Discards the rest of the request. Not awaited: a chunk may never come. */
  release(): void {
    if (this.done) return;
    this.done = true;
    this.envelopes.return().catch(() => {});
  }

  private readonly again = (): Promise<Step> => this.next();

  private wait(): Promise<Step> {
    this.waiting = new Promise(this.expect);
    return this.waiting;
  }

  private open(envelope: Envelope): void {
    try {
      const message = this.decode(envelope);
      if (isPromise(message)) message.then(this.pass, this.fail);
      else this.pass(message);
    } catch (error) {
      this.fail(error);
    }
  }

  private settle(step: Step): void {
    if (this.waiting === undefined) return;
    this.waiting = undefined;
    if (!this.hasBegun) this.begin();
    this.resolve(step);
  }

  private begin(): void {
    this.hasBegun = true;
    this.resolveBegun();
  }
}

const end: IteratorReturnResult<undefined> = { done: true, value: undefined };
