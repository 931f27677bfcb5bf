import type { AppendContext, RecordedEvent, StreamAppend } from "./event-store.js";

/** The events of an append as they are recorded, after the one at a position. */
export function toRecordedEvents(append: StreamAppend, context: AppendContext, position: number): RecordedEvent[] {
  const { stream, expectedVersion, events } = append;
  const { correlationId, causationId, metadata } = context;
  const at = Date.now();
  return events.map(({ id, definition, data, bytes }, i) => ({
    id,
    position: position + i + 1,
    stream,
    version: expectedVersion + i + 1,
    type: definition.type,
    schemaVersion: definition.version,
    at,
    correlationId,
    causationId,
    metadata,
    ...(bytes === undefined ? { data } : { bytes }),
  }));
}
