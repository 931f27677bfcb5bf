import type { EventStore, RecordedEvent } from "../../event-store/index.js";
import { type Selection, selects, toFilter } from "./selection.js";

/** The next events of a selection, and how far the store was read. */
export interface EventBatch {
  readonly events: readonly RecordedEvent[];
  readonly position: number;
}

/** How many bytes of payload a batch should have, and between how many events it may. */
const batchBytes = 4 << 20;
const fewest = 10;
const most = 1000;

/**
 * The events of a selection up to a position, in order, by batches whose size follows that of the events: memory is
 * bounded however many or large they are. Ends when the signal aborts.
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
    // One stream by its own index, however many others there are.
    for (let after = 0; !signal.aborted; ) {
      const events = await store.readStream({ tenant, ...stream }, { after, limit: size.next });
      const last = events.at(-1);
      if (last === undefined) return;
      yield { events: events.filter((event) => event.position <= end && selects(selection, event)), position: last.position }; // biome-ignore format: one line
      if (last.position >= end) return;
      after = last.version;
      size.saw(events);
    }
    return;
  }
  const filter = toFilter(selection);
  for (let position = Math.max(0, selection.from - 1); position < end && !signal.aborted; ) {
    const slice = await store.readAll(position, size.next, filter);
    // Nothing below the head can still appear, so there is nothing more up to it.
    if (slice.position === position) return;
    position = slice.position;
    yield { events: slice.events.filter((event) => event.position <= end && selects(selection, event)), position };
    size.saw(slice.events);
  }
}

/** Finds the number of events that makes a batch. */
class BatchSize {
  next = 100;

  saw(events: readonly RecordedEvent[]): void {
    if (events.length === 0) return;
    const bytes = events.reduce((sum, event) => sum + (event.bytes?.length ?? 0), 0);
    const fitting = Math.floor(batchBytes / Math.max(1, bytes / events.length));
    this.next = Math.max(fewest, Math.min(most, fitting, this.next * 2));
  }
}
