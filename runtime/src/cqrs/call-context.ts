import { newId } from "../message/index.js";
import type { CallContext, CallOptions, Clock } from "./context.js";

const noMetadata: Readonly<Record<string, string>> = Object.freeze({});
const none: CallOptions = Object.freeze({});

/** The clock of the machine, and ids of UUID version 7. */
export const systemClock: Clock = { now: () => Date.now(), newId };

/**
 * The context of one call. A class, since it is made for every call: ids are made up only when somebody
 * asks for them, and methods stay on the prototype.
 */
export class DefaultCallContext implements CallContext, Clock {
  readonly causationId: string | undefined;
  readonly tenant: string;
  readonly expectedVersion: number | undefined;
  readonly metadata: Readonly<Record<string, string>>;
  readonly signal: AbortSignal | undefined;
  readonly explicitCommandId: boolean;
  private readonly clock: Clock;
  private command: string | undefined;
  private readonly correlation: string | undefined;

  constructor(options: CallOptions = none, clock: Clock = systemClock) {
    this.clock = clock;
    this.command = options.commandId;
    this.explicitCommandId = options.commandId !== undefined;
    this.correlation = options.correlationId;
    this.causationId = options.causationId;
    this.tenant = options.tenant ?? "";
    this.expectedVersion = options.expectedVersion;
    this.metadata = options.metadata ?? noMetadata;
    this.signal = options.signal;
  }

  get commandId(): string {
    this.command ??= this.clock.newId();
    return this.command;
  }

  get correlationId(): string {
    return this.correlation ?? this.commandId;
  }

  now(): number {
    return this.clock.now();
  }

  newId(): string {
    return this.clock.newId();
  }
}

/** A context that differs from another in some points. */
export function withContext(
  context: CallContext & Clock,
  changes: Partial<Pick<CallContext, "tenant" | "signal">>,
): CallContext & Clock {
  // Made up now, on the context that all share: made up later, each would get an id of its own.
  void context.commandId;
  const properties = Object.entries(changes).map(([name, value]) => [name, { value, enumerable: true }]);
  return Object.create(context, Object.fromEntries(properties)) as CallContext & Clock;
}
