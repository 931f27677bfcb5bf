import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { openWait } from "./wait.js";
import { WakeSignal } from "./wake-signal.js";

/** Whether a promise is settled. */
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
  it.each([true, false])("ends after its timeout, bound to its request: %s", async (isBound) => {
    const wait = openWait(1_000, isBound);
    vi.advanceTimersByTime(999);
    expect(await isSettled(wait.ended)).toBe(false);
    vi.advanceTimersByTime(1);
    expect(await isSettled(wait.ended)).toBe(true);
  });

  it("can be ended at once", async () => {
    const wait = openWait(1_000, false);
    wait.end();
    expect(await isSettled(wait.ended)).toBe(true);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("that is bound to its request is settled by its own timer, not by the caller of end", async () => {
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

describe("a wake signal", () => {
  it.each([true, false])("ends a wait that starts after the notification: bound %s", async (isBound) => {
    const signal = new WakeSignal(isBound);
    signal.arm();
    signal.notify();
    expect(await isSettled(signal.wait(1_000))).toBe(true);
    signal.arm();
    const slept = signal.wait(1_000);
    expect(await isSettled(slept)).toBe(false);
    signal.notify();
    vi.advanceTimersByTime(isBound ? 20 : 0);
    expect(await isSettled(slept)).toBe(true);
  });
});
