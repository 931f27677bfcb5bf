import { Writable } from "node:stream";
import { describe, expect, it, vi } from "vitest";
import { BodyWriter } from "./index.js";

const settings = { writeTimeout: 60_000, bufferSize: 1_000, maxUnsentSize: 1_000_000 };

/** A stream that completes a write when the test says so. */
function createOutgoing(highWaterMark = 100) {
  const written: string[] = [];
  const waiting: (() => void)[] = [];
  const outgoing = new Writable({
    highWaterMark,
    decodeStrings: false,
    write(chunk, _encoding, done) {
      written.push(String(chunk));
      waiting.push(done);
    },
  });
  return { outgoing, written, complete: () => waiting.shift()?.() };
}

function write(outgoing: Writable, body: AsyncIterable<string | Uint8Array>) {
  const logger = { debug() {}, info: vi.fn(), warn() {}, error() {} };
  const bodies = new BodyWriter({ ...settings, logger }, { breakOff: (one: Writable) => one.destroy() });
  return bodies.writeStream(outgoing, body, settings.writeTimeout);
}

const bytes = (text: string) => Buffer.from(text);

describe("the chunks of a stream", () => {
  it("are written at once, and joined while a write is under way", async () => {
    const { outgoing, written, complete } = createOutgoing();
    let go = () => {};
    async function* body() {
      yield bytes("a");
      yield bytes("b");
      yield bytes("c");
      await new Promise<void>((resolve) => (go = resolve));
      yield bytes("d");
    }
    const done = write(outgoing, body());
    await vi.waitFor(() => expect(written).toEqual(["a"]));
    complete();
    await vi.waitFor(() => expect(written).toEqual(["a", "bc"]));
    complete();
    await vi.waitFor(() => expect(outgoing.writableLength).toBe(0));
    go();
    await done;
    expect(written).toEqual(["a", "bc", "d"]);
    expect(outgoing.writableEnded).toBe(true);
  });

  it("are written before the end and before an error", async () => {
    for (const fails of [false, true]) {
      const { outgoing, written, complete } = createOutgoing();
      async function* body() {
        for (const one of ["a", "b", "c"]) yield one;
        if (fails) throw new Error("broken");
      }
      const done = write(outgoing, body());
      if (fails) await expect(done).rejects.toThrow("broken");
      else await done;
      complete();
      await vi.waitFor(() => expect(written).toEqual(["a", "bc"]));
      expect(outgoing.writableEnded).toBe(!fails);
    }
  });

  it("keep their order where texts and bytes are mixed", async () => {
    const { outgoing, written, complete } = createOutgoing();
    async function* body() {
      yield "a";
      yield bytes("ü");
      yield "é";
    }
    await write(outgoing, body());
    complete();
    await vi.waitFor(() => expect(written).toEqual(["a", "üé"]));
  });

  it("are requested only while the stream has room", async () => {
    const { outgoing, written, complete } = createOutgoing(10);
    let requested = 0;
    let returned = false;
    async function* body() {
      try {
        for (;;) {
          requested++;
          yield bytes("abcd");
        }
      } finally {
        returned = true;
      }
    }
    const done = write(outgoing, body());
    await vi.waitFor(() => expect(outgoing.writableNeedDrain).toBe(true));
    await new Promise((resolve) => setImmediate(resolve));
    expect(requested).toBe(3);
    expect(written).toEqual(["abcd"]);
    complete();
    await vi.waitFor(() => expect(written).toEqual(["abcd", "abcdabcd"]));
    complete();
    await vi.waitFor(() => expect(requested).toBe(6));
    outgoing.destroy();
    await done;
    expect(returned).toBe(true);
  });

  it("that cannot be written return their source, and are an error", async () => {
    const { outgoing } = createOutgoing();
    let returned = false;
    async function* body() {
      try {
        yield 5 as never;
      } finally {
        returned = true;
      }
    }
    await expect(write(outgoing, body())).rejects.toThrow(TypeError);
    expect(returned).toBe(true);
  });
});
