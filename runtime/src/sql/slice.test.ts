import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { RecordedEvent } from "../event-store/index.js";
import { findHoles, toSlice } from "./slice.js";

const at = (position: number) => ({ position }) as RecordedEvent;
const slice = (after: number, positions: number[], skips: [number, number][]) => {
  const found = toSlice(
    after,
    positions.map(at),
    skips.map(([first, last]) => ({ first, last })),
  );
  return [found.events.map(({ position }) => position), found.position, found.skipped];
};

describe("a slice of all events", () => {
  it("ends at the first hole", () => {
    expect(slice(0, [1, 2, 4, 5], [])).toEqual([[1, 2], 2, 0]);
    expect(slice(3, [5], [])).toEqual([[], 3, 0]);
    expect(slice(3, [], [])).toEqual([[], 3, 0]);
  });

  it("passes holes that are explained as a whole", () => {
    expect(slice(0, [1, 4, 6], [[2, 3]])).toEqual([[1, 4], 4, 2]);
    expect(slice(0, [1, 4], [[2, 2]])).toEqual([[1], 2, 1]);
    expect(slice(0, [1, 4], [[3, 3]])).toEqual([[1], 1, 0]);
    expect(slice(2, [4], [[1, 3]])).toEqual([[4], 4, 1]);
    expect(
      slice(
        0,
        [5],
        [
          [1, 2],
          [3, 4],
        ],
      ),
    ).toEqual([[5], 5, 4]);
  });

  it("takes in all events when all holes are explained, and none beyond what was visible", () => {
    fc.assert(
      fc.property(
        fc.nat(5),
        fc.uniqueArray(fc.integer({ min: 6, max: 40 }), { minLength: 1 }),
        fc.nat(),
        (after, given, index) => {
          const events = given.sort((a, b) => a - b).map(at);
          const last = events.at(-1)?.position as number;
          const all = toSlice(after, events, findHoles(after, events, last));
          expect(all).toEqual({ events, position: last, skipped: last - after - events.length });
          const upTo = (events[index % events.length] as RecordedEvent).position;
          const part = toSlice(after, events, findHoles(after, events, upTo));
          expect(part.position).toBeGreaterThanOrEqual(upTo);
          expect(
            toSlice(
              part.position,
              events.filter(({ position }) => position > part.position),
              [],
            ).events,
          ).toEqual([]);
        },
      ),
    );
  });
});
