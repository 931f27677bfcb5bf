import type { ServerHttp2Stream } from "node:http2";
import { Readable } from "node:stream";
import { expect, it, vi } from "vitest";
import { pullNext } from "../../../async/index.js";
import { StreamChunks } from "./stream-chunks.js";

/** A stream as node:http2 has it: what it emits, without a connection. */
function createSource(highWaterMark = 10) {
  const read = vi.fn();
  const source = Object.assign(new Readable({ highWaterMark, autoDestroy: false, read }), { aborted: false });
  return { source, chunks: new StreamChunks(source as unknown as ServerHttp2Stream) };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

it("passes a chunk that is waited for within the event that brings it", async () => {
  const { source, chunks } = createSource();
  await turn();
  const passed: unknown[] = [];
  pullNext(
    chunks,
    ({ value }) => passed.push(String(value)),
    (error) => passed.push(error),
  );
  source.push("a");
  expect(passed).toEqual(["a"]);
});

it("passes all that has arrived as one chunk, and then the end", async () => {
  const { source, chunks } = createSource();
  for (const one of ["a", "b", "c", null]) source.push(one);
  await turn();
  expect(String((await chunks.next()).value)).toBe("abc");
  expect(await chunks.next()).toEqual({ done: true, value: undefined });
});

it("holds what the stream would buffer, pauses it, and continues when that is taken", async () => {
  const { source, chunks } = createSource(10);
  await turn();
  for (let pushed = 0; pushed < 8; pushed++) source.push("abcd");
  await turn();
  expect(source.isPaused()).toBe(true);
  expect(source.readableLength).toBe(20);
  expect((await chunks.next()).value).toHaveLength(12);
  await turn();
  expect(source.readableLength).toBe(8);
  expect((await chunks.next()).value).toHaveLength(12);
  await turn();
  expect((await chunks.next()).value).toHaveLength(8);
  expect(source.isPaused()).toBe(false);
});

it("fails when the client disconnects, whether a chunk is waited for or was not taken", async () => {
  for (const isTaken of [false, true]) {
    const { source, chunks } = createSource();
    const waited = isTaken ? chunks.next().catch((error) => error) : undefined;
    if (!isTaken) source.push("a");
    await turn();
    source.aborted = true;
    source.push(null);
    await turn();
    expect(await (waited ?? chunks.next().catch((error) => error))).toMatchObject({ code: "cancelled" });
  }
});

it("discards the rest when it is returned, also of a paused stream", async () => {
  const { source, chunks } = createSource(10);
  await turn();
  for (let pushed = 0; pushed < 8; pushed++) source.push("abcd");
  await turn();
  await chunks.return();
  source.push(null);
  await vi.waitFor(() => expect(source.readableEnded).toBe(true));
  expect(await chunks.next()).toEqual({ done: true, value: undefined });
});
