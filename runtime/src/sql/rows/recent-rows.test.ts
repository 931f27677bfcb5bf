import { expect, it } from "vitest";
import type { RowTable } from "../../store/ports/index.js";
import { rowName, type UsedRow } from "../../store/rows/index.js";
import { RecentRows } from "./recent-rows.js";

const codec = {} as RowTable["codec"];
const table: RowTable = { name: "a", version: 1, codec, due: "at" };
const plain: RowTable = { name: "b", version: 1, codec };

function changed(key: string, bytes: Uint8Array | undefined, of = table): UsedRow {
  const row = bytes && { bytes, fields: new Map() };
  const place = { table: of, tenant: "", key };
  return { name: rowName(of, "", key), ...place, read: undefined, change: { ...place, row } };
}

it("recalls rows that were written, of tables whose rows can be due, until they are deleted or forgotten", () => {
  const recent = new RecentRows(10_000);
  const recall = (key: string, of = table) => recent.recall("", "", of, "", key)?.bytes;
  recent.written([changed("1", new Uint8Array(1)), changed("2", new Uint8Array(2)), changed("3", new Uint8Array(3))]);
  recent.written([changed("1", new Uint8Array(9)), changed("2", undefined), changed("1", new Uint8Array(1), plain)]);
  expect(["1", "2", "3"].map((key) => recall(key)?.length)).toEqual([9, undefined, 3]);
  expect(recall("1", plain)).toBeUndefined();
  recent.forget([rowName(table, "", "3")]);
  expect(recall("3")).toBeUndefined();
});

it("recalls rows that a commit has found to be as they were read", () => {
  const recent = new RecentRows(10_000);
  const read = (key: string, bytes: Uint8Array | undefined): UsedRow => {
    const place = { table, tenant: "", key };
    return { name: rowName(table, "", key), ...place, read: { ...place, bytes }, change: undefined };
  };
  recent.written([read("1", new Uint8Array(1)), read("2", undefined), changed("3", new Uint8Array(3))]);
  expect(["1", "2", "3"].map((key) => recent.recall("", "", table, "", key)?.bytes?.length)).toEqual([1, undefined, 3]);
});

it("keeps those that were written last within its limit", () => {
  const recent = new RecentRows(10_000);
  for (let i = 0; i < 100; i++)
    recent.written([changed("kept", new Uint8Array(900)), changed(`${i}`, new Uint8Array(900))]);
  const found = Array.from({ length: 100 }, (_, i) => recent.recall("", "", table, "", `${i}`)).filter(Boolean);
  expect(found.length).toBeGreaterThan(5);
  expect(found.length).toBeLessThan(11);
  expect(recent.recall("", "", table, "", "kept")?.bytes?.length).toBe(900);
});
