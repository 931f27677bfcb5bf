import fc from "fast-check";
import { expect, it } from "vitest";
import { appendChunk, readAll } from "./index.js";

/** The reader of a stream. */
function readerOf(chunks: readonly Uint8Array[]) {
  const left = [...chunks];
  return {
    async read(): Promise<ReadableStreamReadResult<Uint8Array>> {
      const value = left.shift();
      return value === undefined ? { done: true, value } : { done: false, value };
    },
    async cancel() {},
  };
}

it("a body has all bytes of its chunks in order, and leaves the chunks as they are", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.uint8Array({ maxLength: 50 }), { maxLength: 40 }),
      fc.boolean(),
      async (given, tight) => {
        const before = given.map((one) => [...one]);
        const limit = tight ? before.flat().length : 2 ** 20;
        expect([...(await readAll(readerOf(given), limit))]).toEqual(before.flat());
        expect(given.map((one) => [...one])).toEqual(before);
      },
    ),
  );
});

it.each([1, 7, 1_000])(
  "a body in chunks of %i bytes takes at most twice its size, and never more than the limit",
  (size) => {
    const limit = 100_000;
    let body = new Uint8Array(0) as Uint8Array;
    const buffers = new Set<unknown>();
    for (let length = 0; length + size <= limit; length += size) {
      body = appendChunk(body, length, new Uint8Array(size), limit);
      expect(body.length).toBeLessThanOrEqual(Math.min(2 * (length + size), limit));
      buffers.add(body.buffer);
    }
    // It is copied when it has doubled, not with each chunk.
    expect(buffers.size).toBeLessThan(20);
  },
);

it("a body that arrives in one chunk is that chunk", async () => {
  const chunk = Uint8Array.of(1, 2);
  const body = await readAll(readerOf([new Uint8Array(0), chunk]), 2);
  expect(body.buffer).toBe(chunk.buffer);
});
