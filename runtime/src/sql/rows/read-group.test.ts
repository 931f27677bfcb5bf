import { expect, it, vi } from "vitest";
import { PotterError } from "../../errors/index.js";
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

it("combines reads of requests that arrive in the same turn of the event loop", async () => {
  const { group, reads } = open();
  const found: unknown[] = [];
  const request = async (key: string) => {
    // As validation and middleware do.
    for (let i = 0; i < 20; i++) await undefined;
    found.push(await group.get(table("a"), "", key));
  };
  const received = ["1", "2", "3"].map((key) => request(key));
  await Promise.all(received);
  expect(found).toEqual(["a 1", "a 2", "a 3"]);
  expect(reads).toEqual(["a: 1,2,3"]);
});

it("does not wait for a running statement, and uses none that began before the read", async () => {
  const answers: (() => void)[] = [];
  let version = "before";
  const { group } = open(async () => {
    const bytes = new TextEncoder().encode(version);
    await new Promise<void>((resolve) => answers.push(resolve));
    return [bytes];
  });
  const first = group.get(table("a"), "", "1");
  await vi.waitUntil(() => answers.length === 1);
  version = "after";
  const second = group.get(table("a"), "", "1");
  await vi.waitUntil(() => answers.length === 2);
  for (const answer of answers) answer();
  expect(await Promise.all([first, second])).toEqual(["before", "after"]);
});

it("limits the rows of a statement", async () => {
  const sizes: number[] = [];
  const { group } = open(async (_, keys) => {
    sizes.push(keys.length);
    return keys.map(({ key }) => new TextEncoder().encode(key));
  });
  const keys = Array.from({ length: 600 }, (_, i) => String(i));
  expect(await Promise.all(keys.map((key) => group.get(table("a"), "", key)))).toEqual(keys);
  expect(sizes).toEqual([256, 256, 88]);
});

it("reports that the server cannot be reached to every caller of the group, and continues", async () => {
  let fails = true;
  const reads: number[] = [];
  const { group } = open(async (_, keys) => {
    reads.push(keys.length);
    if (fails) throw new PotterError("unavailable", "the server has gone");
    return keys.map(() => new Uint8Array());
  });
  const outcomes = await Promise.allSettled([group.get(table("a"), "", "1"), group.get(table("a"), "", "2")]);
  expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  fails = false;
  expect(await group.get(table("a"), "", "1")).toBe("");
  expect(reads).toEqual([2, 1]);
});

it("reads each row alone if a statement for several fails, so that only the caller whose row fails is refused", async () => {
  const { group } = open(async (_, keys) => {
    if (keys.some(({ key }) => key === "large")) throw new PotterError("deadline_exceeded", "statement timeout");
    return keys.map(({ key }) => new TextEncoder().encode(key));
  });
  const outcomes = await Promise.allSettled(["1", "large", "2"].map((key) => group.get(table("a"), "", key)));
  expect(outcomes.map((one) => (one.status === "fulfilled" ? one.value : one.reason.code))).toEqual([
    "1",
    "deadline_exceeded",
    "2",
  ]);
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
