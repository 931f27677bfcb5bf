import { newId } from "../message/index.js";
import type { CallContext, CallOptions, Clock } from "./context.js";
import type { ExpectedVersion } from "./expected-version.js";
import type { RunningCall } from "./running-calls.js";

const noMetadata: Readonly<Record<string, string>> = Object.freeze({});
/** The options of a call without options. */
export const noOptions: CallOptions = Object.freeze({});

/** The system time, and UUIDs of version 7. */
export const systemClock: Clock = { now: () => new Date(), newId };

/**
 * The context of one call. A class with getters, since it is created for every call: options are read, and ids are created,
 * only when used.
 */
export class DefaultCallContext implements CallContext, Clock {
  private readonly options: CallOptions;
  private readonly clock: Clock;
  private readonly running: RunningCall | undefined;
  private madeUp: string | undefined;

  /** `running`: the call of this context, which can be aborted. */
  constructor(options: CallOptions = noOptions, clock: Clock = systemClock, running?: RunningCall) {
    this.options = options;
    this.clock = clock;
    this.running = running;
    this.madeUp = undefined;
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
    return this.running === undefined ? this.options.signal : this.running.signal;
  }

  /** Whether the signal is aborted, without creating a signal. */
  get isAborted(): boolean {
    return (this.running === undefined ? this.options.signal?.aborted : this.running.isAborted) === true;
  }

  get lastEventId(): string | undefined {
    return this.options.lastEventId;
  }

  get fieldMask(): readonly string[] | undefined {
    return this.options.fieldMask;
  }

  now(): Date {
    return this.clock.now();
  }

  newId(): string {
    return this.clock.newId();
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
