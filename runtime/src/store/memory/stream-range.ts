import type { StreamRange } from "../ports/index.js";

/** Returns the events of a range. The event at index i has the version i + 1. */
export function sliceRange<E>(events: readonly E[], range: StreamRange = {}): readonly E[] {
  const { after = 0, before = Number.POSITIVE_INFINITY, limit = Number.POSITIVE_INFINITY, backwards = false } = range;
  const end = Math.min(before - 1, events.length);
  if (after >= end) return [];
  // Always a copy: callers may still iterate when the stream has grown.
  if (backwards) return events.slice(Math.max(after, end - limit), end).reverse();
  return events.slice(after, Math.min(end, after + limit));
}
