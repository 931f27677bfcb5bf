import { expect, it } from "vitest";
import { virtualClock } from "./virtual-clock.js";

const day = 86_400_000;

it("begins at a time, runs, and moves forward", async () => {
  const start = new Date("2026-01-01T00:00:00Z");
  const clock = virtualClock(start);
  await expect.poll(() => clock.now().getTime()).toBeGreaterThan(start.getTime());
  clock.advance(30 * day);
  clock.advance(0);
  expect(clock.now().getTime()).toBeGreaterThan(start.getTime() + 30 * day);
  expect(clock.now().getTime()).toBeLessThan(start.getTime() + 31 * day);
});

it("does not move back", () => {
  for (const wrong of [-1, Number.NaN, Number.POSITIVE_INFINITY]) {
    expect(() => virtualClock().advance(wrong)).toThrow("a clock advances by milliseconds, from 0");
  }
});

it("creates unique ids", () => {
  const clock = virtualClock();
  expect(new Set([clock.newId(), clock.newId()]).size).toBe(2);
});
