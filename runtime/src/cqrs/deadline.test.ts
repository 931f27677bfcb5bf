import { getEventListeners } from "node:events";
import { describe, expect, it } from "vitest";
import type { CallResult } from "./call.js";
import { followStream, runWithin } from "./deadline.js";
import { streamItemIdOf, withStreamItemId } from "./stream-item-id.js";

const count = { name: "Count", stream: "server" } as const;

async function* items(fails = false) {
  yield 1;
  if (fails) throw new Error("broken");
}

const open = (outer: AbortSignal, response: unknown, seen: AbortSignal[] = []) =>
  runWithin(
    60_000,
    count,
    outer,
    async (signal): Promise<CallResult> => {
      seen.push(signal);
      return { response };
    },
    followStream,
  ).then((result) => (result.response as AsyncIterable<unknown>)[Symbol.asyncIterator]());

describe("a streaming call with a deadline", () => {
  it.each<[string, boolean, (stream: AsyncIterator<unknown>) => Promise<unknown>]>([
    ["has ended", false, async (stream) => [await stream.next(), await stream.next()]],
    [
      "has failed",
      true,
      async (stream) => [await stream.next(), await expect(stream.next()).rejects.toThrow("broken")],
    ],
    ["was abandoned", false, async (stream) => [await stream.next(), await stream.return?.()]],
    ["was abandoned before its first item", false, async (stream) => stream.return?.()],
  ])("releases the signal of its caller once it %s", async (_, fails, end) => {
    const outer = new AbortController();
    const streams = await Promise.all(Array.from({ length: 3 }, () => open(outer.signal, items(fails))));
    expect(getEventListeners(outer.signal, "abort")).toHaveLength(1);
    for (const stream of streams) await end(stream);
    expect(getEventListeners(outer.signal, "abort")).toHaveLength(0);
  });

  it("aborts with its caller until then, and keeps its item id", async () => {
    const outer = new AbortController();
    const seen: AbortSignal[] = [];
    const found = withStreamItemId(items(), "7");
    const stream = await open(outer.signal, found, seen);
    expect(streamItemIdOf(stream)).toBe("7");
    await stream.next();
    outer.abort("gone");
    expect(seen.map(({ aborted, reason }) => [aborted, reason])).toEqual([[true, "gone"]]);
  });

  it("releases the signal if there is no stream", async () => {
    const outer = new AbortController();
    const failing = runWithin(60_000, count, outer.signal, () => Promise.reject(new Error("no")), followStream);
    await expect(failing).rejects.toThrow("no");
    const late = runWithin(1, count, outer.signal, () => new Promise<CallResult>(() => {}), followStream);
    await expect(late).rejects.toMatchObject({ code: "deadline_exceeded" });
    expect(getEventListeners(outer.signal, "abort")).toHaveLength(0);
  });
});

it("names whole milliseconds, whatever remained of the time", async () => {
  const late = runWithin(1.5, count, undefined, () => new Promise<CallResult>(() => {}), followStream);
  await expect(late).rejects.toThrow(/took longer than 2 ms$/);
});
