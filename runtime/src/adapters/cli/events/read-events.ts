import type { EventStore, RecordedEvent } from "../../../store/ports/index.js";
import { type Selection, selects, toFilter } from "./selection.js";

/** The next events of a selection, and the position up to which the store was read. */
export interface EventBatch {
  readonly events: readonly RecordedEvent[];
  readonly position: number;
}

/** The intended payload of a batch, and the limits of its number of events. */
const batchBytes = 4 << 20;
const minBatch = 10;
const maxBatch = 1000;

/**
 * Reads the events of a selection up to a position, in order. The batch size follows the size of the events, so memory
 * use is bounded. Ends when the signal aborts.
 */
export async function* readEvents(
  store: EventStore,
  selection: Selection,
  head: number,
  signal: AbortSignal,
): AsyncGenerator<EventBatch, void, undefined> {
  const end = Math.min(head, selection.to);
  const size = new BatchSize();
  const { stream, tenant } = selection;
  if (stream !== undefined && tenant !== undefined) {
    // Reading by stream uses the index of the stream and skips all other events.
    for (let after = 0; !signal.aborted; ) {
      const events = await store.readStream({ tenant, ...stream }, { after, limit: size.next });
      const last = events.at(-1);
      if (last === undefined) return;
      yield { events: events.filter((event) => event.position <= end && selects(selection, event)), position: last.position }; // biome-ignore format: one line
      if (last.position >= end) return;
      after = last.version;
      size.adapt(events);
    }
    return;
  }
  const filter = toFilter(selection);
  for (let position = Math.max(0, selection.from - 1); position < end && !signal.aborted; ) {
    const slice = await store.readAll(position, size.next, filter);
    // No further event can appear below the high-water mark, so the selection is complete.
    if (slice.position === position) return;
    position = slice.position;
    yield { events: slice.events.filter((event) => event.position <= end && selects(selection, event)), position };
    size.adapt(slice.events);
  }
}

/** Chooses the number of events of the next batch. */
class BatchSize {
  next = 100;

  adapt(events: readonly RecordedEvent[]): void {
    if (events.length === 0) return;
    const bytes = events.reduce((sum, event) => sum + (event.bytes?.length ?? 0), 0);
    const fitting = Math.floor(batchBytes / Math.max(1, bytes / events.length));
    this.next = Math.max(minBatch, Math.min(maxBatch, fitting, this.next * 2));
  }
}
