import { expect, it } from "vitest";
import { StoreClock } from "./store-clock.js";

it("knows the store's clock between two bounds, as far apart as its answer took", () => {
  const clock = new StoreClock();
  const asked = performance.now() - 400;
  clock.observe(1_000, asked);
  // The store may have read its clock when it was asked, or just before the answer arrived.
  expect(clock.now()).toBeLessThanOrEqual(1_000 + performance.now() - asked - 400);
  expect(clock.latest()).toBeGreaterThanOrEqual(1_400);
  expect(clock.latest()).toBeGreaterThan(clock.now());
});
