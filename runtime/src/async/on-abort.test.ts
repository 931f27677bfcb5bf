import { afterEach, expect, it, vi } from "vitest";
import { onAbort } from "./on-abort.js";
import { sleep } from "./retry-delay.js";

const warned = vi.fn();
process.on("warning", warned);
afterEach(() => warned.mockClear());

/** Warnings are emitted in a later turn. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

it("calls each of many callbacks once, without a warning of a leak", async () => {
  const end = new AbortController();
  const called = vi.fn();
  const stops = Array.from({ length: 50 }, (_, i) => onAbort(end.signal, () => called(i)));
  stops[7]?.();
  stops[7]?.();
  await turn();
  expect(warned).not.toHaveBeenCalled();
  end.abort();
  expect(called.mock.calls.map(([i]) => i)).toEqual(Array.from({ length: 50 }, (_, i) => i).filter((i) => i !== 7));
  onAbort(end.signal, () => called("late"));
  expect(called).toHaveBeenLastCalledWith("late");
  onAbort(undefined, () => called("never"))();
  expect(called).toHaveBeenCalledTimes(50);
});

it("listens to a signal only while a callback waits for it", () => {
  const { signal } = new AbortController();
  const add = vi.spyOn(signal, "addEventListener");
  const remove = vi.spyOn(signal, "removeEventListener");
  const [one, two] = [onAbort(signal, () => {}), onAbort(signal, () => {})];
  one();
  expect([add.mock.calls.length, remove.mock.calls.length]).toEqual([1, 0]);
  two();
  expect([add.mock.calls.length, remove.mock.calls.length]).toEqual([1, 1]);
  onAbort(signal, () => {});
  expect(add).toHaveBeenCalledTimes(2);
});

it("ends many sleeps when the signal aborts", async () => {
  const end = new AbortController();
  const sleeping = Array.from({ length: 50 }, () => sleep(600_000, end.signal));
  await turn();
  expect(warned).not.toHaveBeenCalled();
  end.abort();
  await Promise.all([...sleeping, sleep(600_000, end.signal)]);
});
