import { onAbort } from "../async/index.js";
import type { CallContext, CallOptions } from "./context.js";
import { eventIdOf, withStreamItemId } from "./event-id.js";

/** Something that somebody waits for, and that can be ended from outside. */
export abstract class Running {
  /** Neighbours in the list of all that is under way: cheaper than a set for what comes and goes with every call. */
  before: Running | undefined = undefined;
  after: Running | undefined = undefined;

  /** The call that it is, or belongs to. */
  abstract readonly context: CallContext | undefined;
  /** Rejects whatever is waited for, and aborts the signal of the call. Does nothing once it has ended. */
  abstract fail(error: unknown): void;
}

/** A call that is under way: the signal of its context, and the promise of its caller. */
export class RunningCall extends Running {
  context: CallContext | undefined = undefined;
  private readonly reject: (error: unknown) => void;
  private readonly options: CallOptions;
  private controller: AbortController | undefined = undefined;
  private forget: (() => void) | undefined = undefined;
  private failure: { readonly error: unknown } | undefined = undefined;

  constructor(options: CallOptions, reject: (error: unknown) => void) {
    super();
    this.options = options;
    this.reject = reject;
  }

  /** Aborts with that of the caller, or when the app ends the call. Made when somebody asks for it. */
  get signal(): AbortSignal {
    this.controller ??= this.link();
    return this.controller.signal;
  }

  /** Whether its signal is aborted, or would be: asking does not make it. */
  get isAborted(): boolean {
    return this.failure !== undefined || this.options.signal?.aborted === true;
  }

  fail(error: unknown): void {
    this.failure = { error };
    this.reject(error);
    // After it, so that what the handler makes of its signal comes too late.
    this.controller?.abort(error);
  }

  /** The caller's signal outlives the call. */
  release(): void {
    this.forget?.();
    this.forget = undefined;
  }

  private link(): AbortController {
    const controller = new AbortController();
    const { signal: outer } = this.options;
    if (this.failure !== undefined) controller.abort(this.failure.error);
    else if (outer !== undefined) this.forget = onAbort(outer, () => controller.abort(outer.reason));
    return controller;
  }
}

/** What is under way in an app: it is waited for before the app stops, and what takes too long is ended. */
export class RunningCalls {
  private first: Running | undefined = undefined;
  private wake: (() => void) | undefined;
  private ended: { readonly error: unknown } | undefined;

  /** false: all was ended, this too, and nothing may be done for it any more. */
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

  /** Does nothing for what has not begun, or has ended before. */
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

  get all(): readonly Running[] {
    const found: Running[] = [];
    for (let one = this.first; one !== undefined; one = one.after) found.push(one);
    return found;
  }

  /** Takes care of work that is no call by itself. Its promise is rejected if the work is ended. */
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

  /** The answer of a call that is a stream: from its first item that is asked for on, it is under way until it has ended. */
  follow<Item>(call: RunningCall, items: AsyncIterable<Item>): AsyncIterable<Item> {
    const stream = new RunningStream(this, call, items);
    const id = eventIdOf(items);
    return id === undefined ? stream : withStreamItemId(stream, id);
  }

  /** Whether somebody asks in the course of a call that is under way: by its ids, or its signal. */
  includes({ causationId, correlationId, signal }: CallOptions): boolean {
    return this.all.some(
      ({ context }) =>
        context !== undefined &&
        ((causationId !== undefined && causationId === context.commandId) ||
          (correlationId !== undefined && correlationId === context.correlationId) ||
          (signal !== undefined && signal === context.signal)),
    );
  }

  /** Resolves when nothing is under way. */
  async settled(): Promise<void> {
    do {
      if (this.first !== undefined) {
        await new Promise<void>((resolve) => {
          this.wake = resolve;
        });
      }
      // Who was just answered may ask for the first item of a stream, or go on with what the call was a part of.
      await new Promise((resolve) => setTimeout(resolve, 0));
    } while (this.first !== undefined);
  }

  /** Ends all that is under way, and whatever begins from now on. */
  fail(error: unknown): void {
    this.ended = { error };
    for (const running of this.all) running.fail(error);
  }
}

/** Work that is no call by itself. */
class RunningWork extends Running {
  readonly context = undefined;
  readonly fail: (error: unknown) => void;

  constructor(reject: (error: unknown) => void) {
    super();
    this.fail = reject;
  }
}

/** The items of a stream, until it has ended or was ended. */
class RunningStream<Item> extends Running implements AsyncIterableIterator<Item> {
  readonly context: CallContext | undefined;
  private readonly calls: RunningCalls;
  private readonly call: RunningCall;
  private readonly items: AsyncIterable<Item>;
  private readonly asked = new Set<(error: unknown) => void>();
  private iterator: AsyncIterator<Item> | undefined;
  private failure: { readonly error: unknown } | undefined;

  constructor(calls: RunningCalls, call: RunningCall, items: AsyncIterable<Item>) {
    super();
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
      this.asked.add(reject);
      step.then(
        (result) => {
          this.asked.delete(reject);
          if (result.done === true) this.end();
          resolve(result);
        },
        (error: unknown) => {
          this.asked.delete(reject);
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
    for (const reject of this.asked) reject(error);
    this.asked.clear();
    this.call.fail(error);
    // Nobody waits for it: it may hang.
    this.iterator?.return?.()?.catch(() => {});
  }

  private end(): void {
    this.calls.end(this);
    this.call.release();
  }
}
