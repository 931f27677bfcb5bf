import { expect, it } from "vitest";
import type { RowTable } from "../../store/ports/index.js";
import { ReadGroup, type ReadRows } from "./read-group.js";

const codec = { decode: (bytes: Uint8Array) => new TextDecoder().decode(bytes) } as RowTable["codec"];
const table = (name: string): RowTable => ({ name, version: 1, codec });

/** Reads of a group, and the keys of each. */
function open(read?: ReadRows): { readonly group: ReadGroup; readonly reads: string[] } {
  const reads: string[] = [];
  const group = new ReadGroup(
    read ??
      (async ({ name }, keys) => {
        reads.push(`${name}: ${keys.map(({ key }) => key).join()}`);
        return keys.map(({ key }) => (key === "none" ? undefined : new TextEncoder().encode(`${name} ${key}`)));
      }),
  );
  return { group, reads };
}

it("combines concurrent reads into one statement for each table", async () => {
  const { group, reads } = open();
  const found = await Promise.all([
    group.get(table("a"), "", "1"),
    group.get(table("b"), "", "1"),
    group.get(table("a"), "", "none"),
  ]);
  expect(found).toEqual(["a 1", "b 1", undefined]);
  expect(await group.get(table("a"), "", "4")).toBe("a 4");
  expect(reads).toEqual(["a: 1,none", "b: 1", "a: 4"]);
});

it("reports a failure to every caller of the group, and continues", async () => {
  let fails = true;
  const { group } = open(async (_, keys) => {
    if (fails) throw new Error("the server has gone");
    return keys.map(() => new Uint8Array());
  });
  const outcomes = await Promise.allSettled([group.get(table("a"), "", "1"), group.get(table("a"), "", "2")]);
  expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  fails = false;
  expect(await group.get(table("a"), "", "1")).toBe("");
});

it("reports an unreadable row only to the caller that reads it", async () => {
  const { group } = open(async (_, keys) => keys.map(({ key }) => new TextEncoder().encode(key)));
  const broken: RowTable = {
    ...table("a"),
    codec: { ...codec, decode: (bytes) => (bytes[0] === 33 ? JSON.parse("!") : bytes.length) },
  };
  const outcomes = await Promise.allSettled([group.get(broken, "", "!"), group.get(broken, "", "ok")]);
  expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "fulfilled"]);
});
