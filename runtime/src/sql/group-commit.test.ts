import { expect, it } from "vitest";
import { GroupCommit, type Settled } from "./group-commit.js";

it("fails what has waited for too long to be sent, and goes on with the others", async () => {
  const calls: (readonly string[])[] = [];
  const done: (() => void)[] = [];
  const send = async (work: readonly string[]): Promise<readonly Settled<string>[]> => {
    calls.push(work);
    if (calls.length <= 2) await new Promise<void>((resolve) => done.push(resolve));
    return work.map((result) => ({ result }));
  };
  const group = new GroupCommit(send, (work) => [work], 50);
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
