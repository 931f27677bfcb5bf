import { type Fail, type Pass, pullNext, settlesWithin } from "../../../async/index.js";
import { streamItemIdOf } from "../../../cqrs/index.js";
import { releaseIterator } from "../../../http/index.js";
import type { CallScope } from "./call-scope.js";

/**
 * How long the response head waits for the first item, in milliseconds, once the handler has a request: when it is sent, no header
 * can be added.
 */
const firstItemWait = 50;
/** How long it waits before that for the first message of a client, in milliseconds: some clients wait for the head themselves. */
const firstMessageWait = 1_000;

/** The items of a streamed response, until they end or their scope does. */
export class ResponseItems {
  /** The position at which the stream begins. undefined: unknown. */
  readonly begin: string | undefined;
  private readonly iterator: AsyncIterator<unknown>;
  private readonly scope: CallScope;
  private readonly release: () => void;
  private first: Promise<IteratorResult<unknown>> | undefined;
  private done = false;
  private pass: Pass<unknown> | undefined;
  private fail: Fail = () => {};
  // Functions of the object, so that an item needs none of its own.
  private readonly passNext = (step: IteratorResult<unknown>): void => {
    const { pass } = this;
    if (pass === undefined) return;
    if (this.scope.failure !== undefined) {
      this.failNext(this.scope.failure);
      return;
    }
    this.pass = undefined;
    if (step.done === true) {
      this.done = true;
      this.release();
    }
    pass(step);
  };
  private readonly failNext = (error: unknown): void => {
    if (this.pass === undefined) return;
    this.pass = undefined;
    this.close();
    // The handler's own error for its signal counts less.
    this.fail(this.scope.failure ?? error);
  };

  /** `release`: called once, at the end. */
  constructor(items: AsyncIterable<unknown>, scope: CallScope, release: () => void) {
    this.begin = streamItemIdOf(items);
    this.iterator = items[Symbol.asyncIterator]();
    this.scope = scope;
    this.release = release;
  }

  /**
   * Requests the first item and waits for it, for 50 ms; of a handler that receives messages, from the first one on (`begun`).
   * Rejects with an error that occurs before.
   */
  async start(begun: Promise<void> | undefined): Promise<void> {
    this.first = this.scope.race(this.iterator.next());
    try {
      if (begun !== undefined) await settlesWithin(Promise.race([this.first, begun]), firstMessageWait);
      await settlesWithin(this.first, firstItemWait);
    } catch (error) {
      this.close();
      throw error;
    }
    // A later error is handled by the `pull` that meets it.
    this.first.catch(() => {});
    this.scope.onFail(this.failNext);
  }

  /** Passes the next item, or the end, or the error of the call. One is requested at a time. */
  pull(pass: Pass<unknown>, fail: Fail): void {
    if (this.done) {
      pass({ done: true, value: undefined });
      return;
    }
    this.pass = pass;
    this.fail = fail;
    const { first } = this;
    this.first = undefined;
    if (first !== undefined) first.then(this.passNext, this.failNext);
    else if (this.scope.failure !== undefined) this.failNext(this.scope.failure);
    else pullNext(this.iterator, this.passNext, this.failNext);
  }

  /** Returns the iterator of the handler before its end. */
  close(): void {
    if (this.done) return;
    this.done = true;
    this.scope.abandon();
    this.release();
    releaseIterator(this.iterator);
  }
}
