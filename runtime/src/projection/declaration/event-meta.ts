import type { RecordedEvent } from "../../store/ports/index.js";

/** What a projection receives of an event in addition to its data. */
export type EventMeta = Omit<RecordedEvent, "bytes" | "data">;

export function toMeta(event: RecordedEvent): EventMeta {
  const { bytes: _, data: __, ...meta } = event;
  return meta;
}
