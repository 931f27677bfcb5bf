import { expect, it } from "vitest";
import { MemoryRows } from "./memory-rows.js";

const row = { bytes: new Uint8Array(), fields: new Map() };
const all = { conditions: [], limit: Number.MAX_SAFE_INTEGER };

it("returns its rows in the order of their keys, whether few or many have changed since", () => {
  const rows = new MemoryRows();
  const expected = new Set<string>();
  let seed = 1;
  const random = (below: number): number => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed % below;
  };
  for (let round = 0; round < 300; round++) {
    // Up to 2,000 keys: a few changes are fewer than one of 64, hundreds are more.
    for (let left = random(2) === 0 ? random(10) : random(400); left > 0; left--) {
      const key = `k${random(2_000)}`;
      if (random(3) === 0) {
        rows.delete(key);
        expected.delete(key);
      } else {
        rows.set(key, row);
        expected.add(key);
      }
    }
    expect(rows.scan(all).map(({ key }) => key)).toEqual([...expected].sort());
  }
  expect(expected.size).toBeGreaterThan(1_000);
});

it("returns the rows after a key that is not there", () => {
  const rows = new MemoryRows();
  for (const key of ["b", "d", "a"]) rows.set(key, row);
  expect(rows.scan({ ...all, after: "c" }).map(({ key }) => key)).toEqual(["d"]);
  rows.delete("d");
  rows.set("e", row);
  expect(rows.scan({ ...all, after: "c", limit: 1 }).map(({ key }) => key)).toEqual(["e"]);
});
