import type { RecordedEvent } from "../store/ports/index.js";

/** What a projection is told of an event besides its data. */
export type EventMeta = Omit<RecordedEvent, "bytes" | "data">;

export function toMeta(event: RecordedEvent): EventMeta {
  const { bytes: _, data: __, ...meta } = event;
  return meta;
}
