import type { Clock } from "../cqrs/index.js";

/** Creates a clock that always returns the same time, and ids that count: `id-1`, `id-2`, … */
export function fixedClock(now: Date = new Date("2020-01-01T00:00:00Z")): Clock {
  let ids = 0;
  return { now: () => new Date(now), newId: () => `id-${++ids}` };
}
