import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { note } from "../conformance/cases/index.js";
import { memory } from "../store/memory/index.js";
import { EventTail } from "../store/subscriptions/index.js";
import { openWait } from "./wait.js";
import { Bell } from "./wake-signal.js";

/** Whether a promise has been settled by now. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  let settled = false;
  promise.then(
    () => {
      settled = true;
    },
    () => {
      settled = true;
    },
  );
  for (let turn = 0; turn < 10; turn++) await undefined;
  return settled;
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe("a wait", () => {
  it.each([true, false])("ends by itself, bound to its request or not: %s", async (isBound) => {
    const wait = openWait(1_000, isBound);
    vi.advanceTimersByTime(999);
    expect(await isSettled(wait.ended)).toBe(false);
    vi.advanceTimersByTime(1);
    expect(await isSettled(wait.ended)).toBe(true);
  });

  it("is ended at once", async () => {
    const wait = openWait(1_000, false);
    wait.end();
    expect(await isSettled(wait.ended)).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("that is bound to its request is not settled by whoever ends it, but by a timer of its own", async () => {
    const wait = openWait(60_000, true);
    wait.end();
    expect(await isSettled(wait.ended)).toBe(false);
    vi.advanceTimersByTime(20);
    expect(await isSettled(wait.ended)).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("is abandoned when its timers have ended with its request", async () => {
    const wait = openWait(1_000_000, true);
    vi.advanceTimersByTime(100_000);
    expect(wait.isAbandoned()).toBe(false);
    const now = Date.now();
    vi.clearAllTimers();
    vi.setSystemTime(now + 60_001);
    expect(wait.isAbandoned()).toBe(true);
    expect(openWait(10, false).isAbandoned()).toBe(false);
  });
});

describe("a bell", () => {
  it.each([true, false])("wakes one who lies down after it has rung: bound %s", async (isBound) => {
    const bell = new Bell(isBound);
    bell.arm();
    bell.ring();
    expect(await isSettled(bell.rung(1_000))).toBe(true);
    bell.arm();
    const slept = bell.rung(1_000);
    expect(await isSettled(slept)).toBe(false);
    bell.ring();
    vi.advanceTimersByTime(isBound ? 20 : 0);
    expect(await isSettled(slept)).toBe(true);
  });
});

describe("a tail where nobody may read for another", () => {
  it("gives each follower all events, also when another ends, and lets go of them all", async () => {
    vi.useRealTimers();
    const { events } = memory();
    const tail = new EventTail(events, undefined, false);
    const open = () => tail.follow({ tenant: "", streamType: "note", id: undefined }, options());
    const ends: AbortController[] = [];
    const options = () => {
      const end = new AbortController();
      ends.push(end);
      return { after: 0, toItem: ({ position }: { readonly position: number }) => position, signal: end.signal };
    };
    const append = (id: string) =>
      events.append({
        stream: { tenant: "", type: "note", id },
        expectedVersion: 0,
        events: [note(id)],
        correlationId: "c",
        causationId: "c",
        metadata: {},
      });
    const [first, second] = [open(), open()];
    const taken = [first.next(), second.next()];
    await append("a");
    expect(await Promise.all(taken)).toEqual([1, 1].map((value) => ({ done: false, value })));
    expect(tail.recent).toBeUndefined();
    const waiting = second.next();
    ends[0]?.abort();
    tail.drop();
    await append("b");
    expect(await waiting).toEqual({ done: false, value: 2 });
    const last = second.next();
    const failed = expect(last).rejects.toThrow("the app stops");
    await new Promise((resolve) => setTimeout(resolve, 50));
    tail.stop(new Error("the app stops"));
    await failed;
  });
});
