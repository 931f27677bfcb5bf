import { toEarlyEvent } from "../../store/events/index.js";
import type { RecordedEvent } from "../../store/ports/index.js";
import type { SqlAppend } from "./append-values.js";
import type { StoreClock } from "./store-clock.js";

/** An append before it is sent, with its events as handlers receive them then. */
export class EarlyAppend {
  readonly append: SqlAppend;
  private readonly clock: StoreClock;
  private readonly needTransaction: (what: string) => Error;
  private time: number | undefined;
  private isTimeUnknown = false;

  /** `needTransaction` notes that a handler needs what exists only in a transaction, and returns the error to throw. */
  constructor(append: SqlAppend, clock: StoreClock, needTransaction: (what: string) => Error) {
    this.append = append;
    this.clock = clock;
    this.needTransaction = needTransaction;
  }

  /** Time of the events, if a handler has read it. */
  get readTime(): number | undefined {
    return this.time;
  }

  /** Whether a handler has read the time of the events while that of the database was not known. */
  get lacksTime(): boolean {
    return this.isTimeUnknown;
  }

  /** Of an event that is not appended yet. */
  get position(): number {
    throw this.needTransaction("the position of an event");
  }

  /** The time of its events. */
  get at(): number {
    this.time ??= this.clock.now;
    if (this.time !== undefined) return this.time;
    this.isTimeUnknown = true;
    throw new Error("the time of the database is not known yet");
  }

  get events(): readonly RecordedEvent[] {
    const { append, context, payloads } = this.append;
    const { correlationId, causationId, metadata } = context;
    const { stream, expectedVersion } = append;
    return append.events.map(({ id, definition: { type, version: schemaVersion } }, i) => {
      const version = expectedVersion + i + 1;
      const event = { id, stream, version, type, schemaVersion, correlationId, causationId, metadata };
      return toEarlyEvent(event, payloads[i] as Uint8Array, this);
    });
  }
}
