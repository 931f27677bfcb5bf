import { describe, expect, it } from "vitest";
import type { EventSlice, EventStore, RecordedEvent } from "../../store/ports/index.js";
import { EventBatches } from "./event-batches.js";

/** A store of events at the positions 1 to `head`, which records the reads. */
class Numbers {
  head: number;
  readonly asked: { readonly after: number; readonly limit: number }[] = [];

  constructor(head: number) {
    this.head = head;
  }

  readAll = async (after: number, limit: number): Promise<EventSlice> => {
    this.asked.push({ after, limit });
    const position = Math.min(this.head, after + limit);
    const events = Array.from({ length: position - after }, (_, i) => ({ position: after + i + 1 }) as RecordedEvent);
    return { events, position };
  };
}

function feedOf(numbers: Numbers, options: { largest?: number } = {}): EventBatches {
  return new EventBatches(numbers as unknown as EventStore, {}, { longest: 100, ...options });
}

describe("a feed of events", () => {
  it("reads ahead while a batch is applied", async () => {
    const numbers = new Numbers(600);
    const feed = feedOf(numbers);
    expect((await feed.next(0))?.position).toBe(500);
    expect(numbers.asked.map(({ after }) => after)).toEqual([0, 500]);
    expect((await feed.next(500))?.position).toBe(600);
    expect(numbers.asked).toHaveLength(2);
  });

  it("finds events that were appended after an empty read-ahead", async () => {
    const numbers = new Numbers(500);
    const feed = feedOf(numbers);
    expect((await feed.next(0))?.position).toBe(500);
    numbers.head = 501;
    expect((await feed.next(500))?.position).toBe(501);
  });

  it("reports no events only if there were none at some time after the call", async () => {
    const numbers = new Numbers(500);
    const feed = feedOf(numbers);
    await feed.next(0);
    const before = numbers.asked.length;
    expect(await feed.next(500)).toBeUndefined();
    expect(numbers.asked.length).toBe(before + 1);
  });

  it("enlarges batches while they are full and fast, and shrinks them when they are slow", async () => {
    const numbers = new Numbers(1_000_000);
    const feed = feedOf(numbers, { largest: 1500 });
    const size = async (after: number, took: number) => {
      const slice = await feed.next(after);
      feed.recordDuration(took);
      feed.discardReadAhead();
      return slice?.events.length;
    };
    expect([await size(0, 1), await size(500, 1), await size(1500, 1), await size(3000, 500)]).toEqual([
      500, 1000, 1500, 1500,
    ]);
    expect(await size(4500, 1)).toBe(750);
  });

  it("does not enlarge batches because of single events", async () => {
    const numbers = new Numbers(10_000);
    const feed = feedOf(numbers);
    for (let after = 0; after < 20; after++) {
      expect((await feed.nextAlone(after))?.events).toHaveLength(1);
      feed.recordDuration(1);
    }
    expect((await feed.next(20))?.events).toHaveLength(500);
  });

  it("reads again after a failed read-ahead", async () => {
    const numbers = new Numbers(1000);
    const feed = feedOf(numbers);
    const { readAll } = numbers;
    numbers.readAll = (after, limit) => (after === 500 ? Promise.reject(new Error("gone")) : readAll(after, limit));
    await feed.next(0);
    await expect(feed.next(500)).rejects.toThrow("gone");
    numbers.readAll = readAll;
    expect((await feed.next(500))?.position).toBe(1000);
  });
});
