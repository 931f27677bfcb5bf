import { expect, it } from "vitest";
import { LruCache } from "./lru.js";

it("limits the number of entries, and evicts the least recently used", () => {
  const kept = new LruCache<number>(2);
  kept.set("a", 1);
  kept.set("b", 2);
  expect(kept.get("a")).toBe(1);
  kept.set("c", 3);
  expect(["a", "b", "c"].map((key) => kept.get(key))).toEqual([1, undefined, 3]);
});

it("limits the total length of entries", () => {
  const lru = new LruCache<string>(10, 8);
  lru.set("a", "1", 4);
  lru.set("b", "2", 4);
  lru.set("a", "3", 3);
  lru.set("c", "4", 1);
  expect([lru.get("a"), lru.get("b"), lru.get("c")]).toEqual(["3", "2", "4"]);
  lru.set("d", "5", 4);
  expect([lru.get("a"), lru.get("b"), lru.get("c"), lru.get("d")]).toEqual([undefined, undefined, "4", "5"]);
  lru.set("e", "too long", 9);
  expect([lru.get("d"), lru.get("e")]).toEqual([undefined, undefined]);
  lru.set("f", "6");
  expect(lru.get("f")).toBe("6");
});
