import { toPredicate } from "../events/index.js";
import type { EventFilter, EventSlice, RecordedEvent } from "../ports/index.js";

/** Reads the log. Appended events are never rolled back, so the event at index i has the position i + 1. */
export function sliceAll(
  all: readonly RecordedEvent[],
  after: number,
  limit: number,
  filter: EventFilter | undefined,
): EventSlice {
  if (filter === undefined) {
    const events = all.slice(after, after + limit);
    const position = after + events.length;
    return { events, position, complete: position >= all.length };
  }
  const fits = toPredicate(filter);
  const events: RecordedEvent[] = [];
  let position = after;
  for (; position < all.length && events.length < limit; position++) {
    const event = all[position] as RecordedEvent;
    if (fits(event)) events.push(event);
  }
  return { events, position, complete: position >= all.length };
}
