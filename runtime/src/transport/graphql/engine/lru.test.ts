import { expect, it } from "vitest";
import { Lru } from "./lru.js";

it("keeps so many, and lets go of what was asked for longest ago", () => {
  const kept = new Lru<number>(2);
  kept.set("a", 1);
  kept.set("b", 2);
  expect(kept.get("a")).toBe(1);
  kept.set("c", 3);
  expect(["a", "b", "c"].map((key) => kept.get(key))).toEqual([1, undefined, 3]);
});
