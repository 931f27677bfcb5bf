import type { CallContext, Clock, ExpectedVersion } from "../cqrs/index.js";
import type { DecideContext } from "./types.js";

/** What `decide` is given. Time is read once, so that every try of a command sees the same. */
export class DefaultDecideContext implements DecideContext {
  readonly id: string;
  version = 0;
  private readonly call: CallContext & Clock;
  private time: number | undefined;

  constructor(call: CallContext & Clock, id: string) {
    this.call = call;
    this.id = id;
  }

  get commandId(): string {
    return this.call.commandId;
  }
  get explicitCommandId(): boolean {
    return this.call.explicitCommandId;
  }
  get correlationId(): string {
    return this.call.correlationId;
  }
  get causationId(): string | undefined {
    return this.call.causationId;
  }
  get tenant(): string {
    return this.call.tenant;
  }
  get expectedVersion(): ExpectedVersion | undefined {
    return this.call.expectedVersion;
  }
  get metadata(): Readonly<Record<string, string>> {
    return this.call.metadata;
  }
  get signal(): AbortSignal | undefined {
    return this.call.signal;
  }

  now(): Date {
    return new Date(this.milliseconds());
  }

  timestamp(): { seconds: bigint; nanos: number } {
    const milliseconds = this.milliseconds();
    const seconds = Math.floor(milliseconds / 1000);
    return { seconds: BigInt(seconds), nanos: (milliseconds - seconds * 1000) * 1_000_000 };
  }

  newId(): string {
    return this.call.newId();
  }

  private milliseconds(): number {
    this.time ??= this.call.now();
    return this.time;
  }
}
