import { expect, it } from "vitest";
import type { KnownRow } from "../../store/rows/index.js";
import { KeptRows } from "./kept-rows.js";

const lease = { name: "p", version: 1, generation: 1, shard: 0, epoch: 4 };
const rows = (...entries: [id: string, bytes: Uint8Array | undefined][]) =>
  new Map([["t", new Map(entries.map(([id, bytes]) => [id, { bytes } as KnownRow]))]]);
const text = (size: number) => new Uint8Array(size);

it("knows all rows of a build that begins, and only those that were read or written of any other", () => {
  const kept = new KeptRows(1_000_000);
  kept.acquired({ ...lease, position: 0 }, 1);
  kept.acquired({ ...lease, shard: 1, position: 7 }, 1);
  expect(kept.at({ ...lease, from: 0, to: 5 }, 1)?.recall("t", "a")).toEqual({ bytes: undefined });
  expect(kept.at({ ...lease, shard: 1, from: 7, to: 8 }, 1)?.recall("t", "a")).toBeUndefined();
  const move = { ...lease, shard: 1, from: 7, to: 8 };
  kept.moved(move, kept.at(move, 1), 1, rows(["a", text(1)], ["b", undefined]));
  const at = kept.at({ ...move, from: 8, to: 9 }, 1);
  expect(at?.recall("t", "a")).toEqual({ bytes: text(1) });
  expect(at?.recall("t", "b")).toEqual({ bytes: undefined });
  expect(at?.recall("other", "a")).toBeUndefined();
});

it("forgets rows when the epoch, the checkpoint or the server is another one", () => {
  const kept = new KeptRows(1_000_000);
  kept.acquired({ ...lease, position: 3 }, 1);
  const move = { ...lease, from: 3, to: 5 };
  expect(kept.at(move, 1)).toBeDefined();
  expect(kept.at({ ...move, epoch: 5 }, 1)).toBeUndefined();
  expect(kept.at({ ...move, from: 4 }, 1)).toBeUndefined();
  expect(kept.at(move, 2)).toBeUndefined();
  kept.forget(lease);
  expect(kept.at(move, 1)).toBeUndefined();
});

it("keeps those that were used last within its limit, and takes none for missing that it has dropped", () => {
  const kept = new KeptRows(20_000);
  kept.acquired({ ...lease, position: 0 }, 1);
  for (let i = 0; i < 60; i++) {
    const move = { ...lease, from: i, to: i + 1 };
    kept.moved(move, kept.at(move, 1), 1, rows([`${i}`, text(900)], ["used", text(10)]));
  }
  const { recall } = kept.at({ ...lease, from: 60, to: 61 }, 1) ?? {};
  const found = Array.from({ length: 60 }, (_, i) => recall?.("t", `${i}`)?.bytes).filter(Boolean).length;
  expect(found).toBeGreaterThan(5);
  expect(found).toBeLessThan(25);
  expect(recall?.("t", "59")?.bytes?.length).toBe(900);
  expect(recall?.("t", "used")?.bytes?.length).toBe(10);
  expect(recall?.("t", "0")).toBeUndefined();
});
