import { Readable } from "node:stream";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, it } from "vitest";
import { IncomingRequest } from "./index.js";

class TestRequest extends IncomingRequest {
  readonly server = { trailers: false, fullDuplex: false };
  protected readonly isBrokenOff = false;

  header(): undefined {}

  headers(): [] {
    return [];
  }

  chunks(): never {
    throw new Error("not read as a stream");
  }
}

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

/** The bytes that are in use. */
function measureMemory(): number {
  collectGarbage();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

it("a body of a million chunks takes a small multiple of its size", async () => {
  const size = 1_000_000;
  const source = new Readable({ read() {} });
  const request = new TestRequest("POST", "/", source);
  const bytes = request.bytes(2 * size);
  await new Promise((resolve) => setImmediate(resolve));
  const before = measureMemory();
  for (let at = 0; at < size; at++) source.push(Buffer.from([at % 256]));
  expect(source.readableLength).toBe(0);
  // As a list of chunks it would be about a hundred times its size.
  expect(measureMemory() - before).toBeLessThan(8 * size);
  source.push(null);
  const body = await bytes;
  expect(body).toHaveLength(size);
  expect(body.every((byte, at) => byte === at % 256)).toBe(true);
});

it("calls back when it is aborted, once for each callback, also for one that comes later, and needs no signal for it", () => {
  const request = new TestRequest("GET", "/", new Readable({ read() {} }));
  const called: string[] = [];
  request.onAbort(() => called.push("a"));
  request.onAbort(() => called.push("b"));
  expect(called).toEqual([]);
  request.abort();
  request.abort();
  expect(called).toEqual(["a", "b"]);
  request.onAbort(() => called.push("c"));
  expect(called).toEqual(["a", "b", "c"]);
  expect(request.signal.aborted).toBe(true);
});
