import { expect, it } from "vitest";
import { GroupCommit, type Settled } from "./group-commit.js";

it("fails appends that have waited too long, and continues with the others", async () => {
  const calls: (readonly string[])[] = [];
  const done: (() => void)[] = [];
  const send = async (work: readonly string[]): Promise<readonly Settled<string>[]> => {
    calls.push(work);
    if (calls.length <= 2) await new Promise<void>((resolve) => done.push(resolve));
    return work.map((result) => ({ result }));
  };
  const group = new GroupCommit(send, (work) => [work], { patience: 50 });
  const under = [group.run("a"), group.run("b")];
  const late = ["c", "d"].map((work) => group.run(work).catch(({ code }) => code));
  await new Promise((resolve) => setTimeout(resolve, 100));
  const soon = group.run("e");
  for (const end of done) end();
  expect(await Promise.all(under)).toEqual(["a", "b"]);
  expect(await Promise.all(late)).toEqual(["resource_exhausted", "resource_exhausted"]);
  expect(await soon).toBe("e");
  expect(calls).toEqual([["a"], ["b"], ["e"]]);
});

it("also limits a call by its bytes, so that small appends do not wait for all large ones", async () => {
  const calls: (readonly number[])[] = [];
  const done: (() => void)[] = [];
  const send = async (work: readonly number[]): Promise<readonly Settled<number>[]> => {
    calls.push(work);
    if (calls.length <= 2) await new Promise<void>((resolve) => done.push(resolve));
    return work.map((result) => ({ result }));
  };
  const mib = 1024 * 1024;
  const sizes = [1, 2, 9 * mib, 3 * mib, 2 * mib, 3, 4, mib / 2];
  const group = new GroupCommit(send, (size) => [String(size)], { sizeOf: (size) => size });
  const all = sizes.map((size) => group.run(size));
  for (const end of done) end();
  expect(await Promise.all(all)).toEqual(sizes);
  expect(calls).toEqual([[1], [2], [9 * mib], [3 * mib, 3, 4, mib / 2], [2 * mib]]);
});

it("can collect what callers send in the same turn of the event loop, where a call would keep them from it", async () => {
  const calls: (readonly string[])[] = [];
  const send = async (work: readonly string[]): Promise<readonly Settled<string>[]> => {
    calls.push(work);
    return work.map((result) => ({ result }));
  };
  const group = new GroupCommit(send, (work) => [work], { gather: true });
  const first = ["a", "b"].map((work) => group.run(work));
  await Promise.resolve();
  expect(calls).toEqual([]);
  first.push(group.run("c"), group.run("a"));
  expect(await Promise.all(first)).toEqual(["a", "b", "c", "a"]);
  expect(calls).toEqual([["a", "b", "c"], ["a"]]);
});
