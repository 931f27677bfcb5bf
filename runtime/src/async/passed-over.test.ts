import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { PassedOver } from "./passed-over.js";

const backoff = { base: 100, cap: 1_000 };

beforeEach(() => {
  vi.useFakeTimers();
  vi.spyOn(Math, "random").mockReturnValue(0.5);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

it("passes over what has failed, each time for longer, up to a bound", () => {
  const passedOver = new PassedOver();
  const waits = Array.from({ length: 6 }, () => {
    const { retryIn } = passedOver.fail("a", 7, backoff);
    expect(passedOver.has("a", 7)).toBe(true);
    vi.advanceTimersByTime(retryIn);
    expect(passedOver.has("a", 7)).toBe(false);
    return retryIn;
  });
  expect(waits).toEqual([100, 200, 400, 500, 500, 500]);
  expect(passedOver.fail("a", 7, backoff).failures).toBe(7);
});

it("passes over nothing that is due since another time, and forgets what was handled", () => {
  const passedOver = new PassedOver();
  passedOver.fail("a", 7, backoff);
  expect([passedOver.has("a", 8), passedOver.has("b", 7)]).toEqual([false, false]);
  expect(passedOver.fail("a", 8, backoff).failures).toBe(1);
  passedOver.done("a");
  expect([passedOver.has("a", 8), passedOver.size]).toEqual([false, 0]);
});

it("passes over what is left to others until they can be handled here", () => {
  const passedOver = new PassedOver();
  passedOver.leave("a", 7);
  passedOver.fail("b", 7, backoff);
  vi.advanceTimersByTime(1e9);
  expect([passedOver.has("a", 7), passedOver.has("b", 7)]).toEqual([true, false]);
  passedOver.reclaim();
  expect([passedOver.has("a", 7), passedOver.size]).toEqual([false, 1]);
});

it("forgets what is not found any more", () => {
  const passedOver = new PassedOver();
  for (const name of ["a", "b"]) passedOver.fail(name, 7, backoff);
  passedOver.keep(new Set(["b", "c"]));
  expect([passedOver.has("a", 7), passedOver.has("b", 7), passedOver.size]).toEqual([false, true, 1]);
});

it("passes over a bounded number of failed items, and any number that is left to others", () => {
  const passedOver = new PassedOver();
  for (let i = 0; i < 10_000; i++) passedOver.fail(`a${i}`, 7, backoff);
  expect(passedOver.isFull).toBe(true);
  passedOver.fail("b", 7, backoff);
  passedOver.leave("c", 7);
  expect([passedOver.has("b", 7), passedOver.has("c", 7), passedOver.size]).toEqual([false, true, 10_001]);
  passedOver.fail("a0", 7, backoff);
  expect(passedOver.has("a0", 7)).toBe(true);
  passedOver.done("a1");
  expect(passedOver.isFull).toBe(false);
});
