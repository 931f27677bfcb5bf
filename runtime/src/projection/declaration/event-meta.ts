import { withoutPayload } from "../../store/events/index.js";
import type { RecordedEvent } from "../../store/ports/index.js";

/** What a projection receives of an event in addition to its data. */
export type EventMeta = Omit<RecordedEvent, "bytes" | "data">;

export function toMeta(event: RecordedEvent): EventMeta {
  return withoutPayload(event);
}
