import type { RecordedEvent } from "../ports/index.js";

/** What an event receives only when it is appended. */
type Assigned = Pick<RecordedEvent, "position" | "at">;

const early: unique symbol = Symbol("early");

/**
 * Creates the event that handlers receive before it is appended. Its position and time are computed when they are read, and
 * reading them may throw.
 */
export function toEarlyEvent(event: Omit<RecordedEvent, "position" | "at">, assigned: Assigned): RecordedEvent {
  return {
    ...event,
    get position() {
      return assigned.position;
    },
    get at() {
      return assigned.at;
    },
    [early]: true,
  } as RecordedEvent;
}

/** Copies an event without its payload. The position and the time of an event that is not appended yet are not read. */
export function withoutPayload(event: RecordedEvent): Omit<RecordedEvent, "bytes" | "data"> {
  if (!(early in event)) {
    const { bytes: _, data: __, ...rest } = event;
    return rest;
  }
  const { id, stream, version, type, schemaVersion, correlationId, causationId, metadata } = event;
  return toEarlyEvent({ id, stream, version, type, schemaVersion, correlationId, causationId, metadata }, event);
}

/** Copies an event with its data in place of its bytes. */
export function withData(event: RecordedEvent, data: unknown): RecordedEvent {
  // Assigned, not spread: that would read the position and the time.
  return Object.assign(withoutPayload(event), { data });
}
