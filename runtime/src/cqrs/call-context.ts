import { onAbort } from "../async/index.js";
import { newId } from "../message/index.js";
import type { CallContext, CallOptions, Clock } from "./context.js";
import type { ExpectedVersion } from "./expected-version.js";
import { Metadata, type ReadonlyMetadata } from "./metadata.js";
import type { Running } from "./running.js";

const noMetadata: Readonly<Record<string, string>> = Object.freeze({});
/** The options of a call without options. */
export const noOptions: CallOptions = Object.freeze({});

/** The system time, and UUIDs of version 7. */
export const systemClock: Clock = { now: () => new Date(), newId };

/**
 * The context of one call, and its entry in the list of running calls: one object, since it is created for every call. Options are
 * read, and ids and signals are created, only when used.
 */
export class DefaultCallContext implements CallContext, Clock, Running {
  before: Running | undefined = undefined;
  after: Running | undefined = undefined;
  readonly options: CallOptions;
  private readonly clock: Clock;
  /** This context, also in those that are derived from it. undefined: nothing but the caller aborts the call. */
  private readonly call: DefaultCallContext | undefined;
  private madeUp: string | undefined = undefined;
  private reject: ((error: unknown) => void) | undefined = undefined;
  private abort: Abort | undefined = undefined;
  /** What a handler adds to its response where no caller reads it. */
  private unsent: { readonly headers: Metadata; readonly trailers: Metadata } | undefined = undefined;

  /** `isEndless`: the signal aborts only with the caller's. */
  constructor(options: CallOptions = noOptions, clock: Clock = systemClock, isEndless = false) {
    this.options = options;
    this.clock = clock;
    this.call = isEndless ? undefined : this;
  }

  get context(): CallContext {
    return this;
  }

  get explicitCommandId(): boolean {
    return this.options.commandId !== undefined;
  }

  get commandId(): string {
    if (this.options.commandId !== undefined) return this.options.commandId;
    this.madeUp ??= this.clock.newId();
    return this.madeUp;
  }

  get correlationId(): string {
    return this.options.correlationId ?? this.commandId;
  }

  get causationId(): string | undefined {
    return this.options.causationId;
  }

  get tenant(): string {
    return this.options.tenant ?? "";
  }

  get user(): string {
    return this.options.user ?? "";
  }

  get tenants(): readonly string[] | "any" | undefined {
    return this.options.tenants;
  }

  get expectedVersion(): ExpectedVersion | undefined {
    return this.options.expectedVersion;
  }

  get metadata(): Readonly<Record<string, string>> {
    return this.options.metadata ?? noMetadata;
  }

  get signal(): AbortSignal | undefined {
    if (this.call === undefined) return this.options.signal;
    this.call.abort ??= new Abort();
    return this.call.abort.signalOf(this.options.signal);
  }

  /** Whether the signal is aborted, without creating a signal. */
  get isAborted(): boolean {
    return this.call?.abort?.failure !== undefined || this.options.signal?.aborted === true;
  }

  get lastEventId(): string | undefined {
    return this.options.lastEventId;
  }

  get fieldMask(): readonly string[] | undefined {
    return this.options.fieldMask;
  }

  get requestHeaders(): ReadonlyMetadata {
    return this.options.requestHeaders ?? new Metadata();
  }

  get responseHeaders(): Metadata {
    return this.options.responseHeaders ?? this.withoutReader().headers;
  }

  get responseTrailers(): Metadata {
    return this.options.responseTrailers ?? this.withoutReader().trailers;
  }

  private withoutReader(): { readonly headers: Metadata; readonly trailers: Metadata } {
    this.unsent ??= { headers: new Metadata(), trailers: new Metadata() };
    return this.unsent;
  }

  now(): Date {
    return this.clock.now();
  }

  newId(): string {
    return this.clock.newId();
  }

  /** Sets the function that rejects the promise of the caller. */
  onFail(reject: (error: unknown) => void): void {
    this.reject = reject;
    const failure = this.abort?.failure;
    if (failure !== undefined) reject(failure.error);
  }

  fail(error: unknown): void {
    this.abort ??= new Abort();
    this.abort.failure = { error };
    this.reject?.(error);
    // Aborted after the rejection, so that the handler's own error for its signal comes too late.
    this.abort.controller?.abort(error);
  }

  /** Stops listening to the caller's signal, which outlives the call. */
  release(): void {
    this.abort?.release();
  }
}

/** How a call is or can be aborted. Most calls are not, and have no signal. */
class Abort {
  failure: { readonly error: unknown } | undefined = undefined;
  controller: AbortController | undefined = undefined;
  private stopListening: (() => void) | undefined = undefined;

  /** The signal of the call, which aborts with the caller's too. */
  signalOf(outer: AbortSignal | undefined): AbortSignal {
    this.controller ??= this.link(outer);
    return this.controller.signal;
  }

  release(): void {
    this.stopListening?.();
    this.stopListening = undefined;
  }

  private link(outer: AbortSignal | undefined): AbortController {
    const controller = new AbortController();
    if (this.failure !== undefined) controller.abort(this.failure.error);
    else if (outer !== undefined) this.stopListening = onAbort(outer, () => controller.abort(outer.reason));
    return controller;
  }
}

/** Returns a context with some properties replaced. */
export function withContext(
  context: CallContext & Clock,
  changes: Partial<Pick<CallContext, "tenant" | "signal">>,
): CallContext & Clock {
  // Created now, on the shared context: otherwise each derived context would create an id of its own.
  void context.commandId;
  const properties = Object.entries(changes).map(([name, value]) => [name, { value, enumerable: true }]);
  const own = Object.create(context, Object.fromEntries(properties)) as CallContext & Clock;
  if ("signal" in changes) Object.defineProperty(own, "isAborted", { get: () => changes.signal?.aborted === true });
  return own;
}

/** Whether the call was cancelled or aborted. Cheaper than reading `signal`, which creates a signal. */
export function isAborted(context: CallContext): boolean {
  return (context as Partial<DefaultCallContext>).isAborted ?? context.signal?.aborted === true;
}
