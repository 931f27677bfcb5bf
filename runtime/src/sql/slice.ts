import type { EventSlice, RecordedEvent } from "../event-store/index.js";

/** A range of positions at which no event will ever stand, both ends included. */
export interface Skip {
  readonly first: number;
  readonly last: number;
}

/** The events above `after` up to the first hole that the skips, in order, do not explain. */
export function toSlice(after: number, events: readonly RecordedEvent[], skips: readonly Skip[]): EventSlice {
  let position = after;
  let skipped = 0;
  let next = 0;
  for (const [index, event] of events.entries()) {
    while (position + 1 < event.position) {
      while ((skips[next]?.last ?? Number.POSITIVE_INFINITY) <= position) next++;
      const skip = skips[next];
      if (skip === undefined || skip.first > position + 1) return { events: events.slice(0, index), position, skipped };
      const last = Math.min(skip.last, event.position - 1);
      skipped += last - position;
      position = last;
    }
    position = event.position;
  }
  return { events, position, skipped };
}

/** The holes between `after` and the events above it, as far as `upTo`. */
export function findHoles(after: number, events: readonly RecordedEvent[], upTo: number): readonly Skip[] {
  const holes: Skip[] = [];
  let position = after;
  for (const event of events) {
    const first = position + 1;
    const last = Math.min(event.position - 1, upTo);
    if (first <= last) holes.push({ first, last });
    position = event.position;
  }
  return holes;
}
