import type { RecordedEvent } from "../ports/index.js";

/** What an event receives only when it is appended. Reading it earlier may throw. */
export type Assigned = Pick<RecordedEvent, "position" | "at">;

type Given = Omit<RecordedEvent, keyof Assigned | "bytes" | "data">;

const source: unique symbol = Symbol("source");

/**
 * The getters are properties of each event, so that a copy of it reads them too, but the same functions for all events:
 * functions of its own would give each object a hidden class of its own, which lives as long as an old object.
 */
const position: PropertyDescriptor & ThisType<EarlyEvent> = {
  get() {
    return this[source].position;
  },
  enumerable: true,
};
const at: PropertyDescriptor & ThisType<EarlyEvent> = {
  get() {
    return this[source].at;
  },
  enumerable: true,
};

/** An event before it is appended. Its position and time are computed when they are read. */
class EarlyEvent {
  readonly [source]: Assigned;
  readonly id: string;
  readonly stream: RecordedEvent["stream"];
  readonly version: number;
  readonly type: string;
  readonly schemaVersion: number;
  readonly correlationId: string;
  readonly causationId: string;
  readonly metadata: RecordedEvent["metadata"];
  declare readonly position: number;
  declare readonly at: number;
  declare bytes?: Uint8Array;
  declare data?: unknown;

  constructor(event: Given, assigned: Assigned) {
    this[source] = assigned;
    this.id = event.id;
    this.stream = event.stream;
    this.version = event.version;
    this.type = event.type;
    this.schemaVersion = event.schemaVersion;
    this.correlationId = event.correlationId;
    this.causationId = event.causationId;
    this.metadata = event.metadata;
    Object.defineProperty(this, "position", position);
    Object.defineProperty(this, "at", at);
  }
}

/**
 * Creates the event that handlers receive before it is appended. Its position and time are computed when they are read, and
 * reading them may throw.
 */
export function toEarlyEvent(event: Given, bytes: Uint8Array, assigned: Assigned): RecordedEvent {
  const early = new EarlyEvent(event, assigned);
  early.bytes = bytes;
  return early as RecordedEvent;
}

/** Copies an event without its payload. The position and the time of an event that is not appended yet are not read. */
export function withoutPayload(event: RecordedEvent): Omit<RecordedEvent, "bytes" | "data"> {
  if (event instanceof EarlyEvent) return new EarlyEvent(event, event[source]);
  // Member by member, which is faster than to spread what is left without the payload.
  const { id, position, stream, version, type, schemaVersion, at, correlationId, causationId, metadata, erased } =
    event;
  const copy = { id, position, stream, version, type, schemaVersion, at, correlationId, causationId, metadata };
  return erased === undefined ? copy : { ...copy, erased };
}

/** Copies an event with its data in place of its bytes. */
export function withData(event: RecordedEvent, data: unknown): RecordedEvent {
  if (!(event instanceof EarlyEvent)) return { ...withoutPayload(event), data } as RecordedEvent;
  const copy = new EarlyEvent(event, event[source]);
  copy.data = data;
  return copy as RecordedEvent;
}
