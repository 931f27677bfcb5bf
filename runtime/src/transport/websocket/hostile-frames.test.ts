import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { type CallOptions, withStreamItemId } from "../../cqrs/index.js";
import { PotterError } from "../../errors/index.js";
import { hostileFrame } from "./hostile-frames.fixture.js";
import { handshakeOf, idOf, orderOf, type Setup, serveMethods, type TestClient } from "./web-socket.fixture.js";

/** Resolves when a signal aborts. */
const aborted = (signal: AbortSignal | undefined): Promise<void> =>
  new Promise((resolve) => signal?.addEventListener("abort", () => resolve()));

const methods: Readonly<Record<string, Setup>> = {
  Echo: {},
  Fail: { invoke: () => Promise.reject(new PotterError("not_found", "none")) },
  Hang: {
    invoke: async (request, { signal }) => {
      await aborted(signal);
      return { response: request };
    },
  },
  Watch: {
    method: { kind: "query", stream: "server" },
    invoke: async (_, { signal }) => ({
      response: (async function* () {
        for (let at = 0; at < 5; at++) yield withStreamItemId(orderOf(String(at)), String(at));
        await aborted(signal);
      })(),
    }),
  },
  Collect: {
    method: { stream: "client" },
    invoke: async (request) => {
      let count = 0;
      for await (const _ of request as AsyncIterable<unknown>) count++;
      return { response: orderOf(String(count)) };
    },
  },
  Chat: {
    method: { stream: "bidi" },
    invoke: async (request) => ({
      response: (async function* () {
        for await (const one of request as AsyncIterable<unknown>) yield orderOf(idOf(one));
      })(),
    }),
  },
};

/** Sends random frames, on a new connection after each that was closed. Returns the last one, and how many there were. */
async function attack(connect: () => TestClient, runs: number, seed: number): Promise<readonly [TestClient, number]> {
  let client = connect();
  let connections = 1;
  let left = 0;
  for (const frame of fc.sample(hostileFrame, { numRuns: runs, seed })) {
    if (client.closed !== undefined) {
      client = connect();
      connections++;
    }
    client.listener?.message(frame);
    client.sent.length = 0;
    if (++left % 20 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  return [client, connections];
}

const isFull = process.env["POTTER_FULL"] === "true";

describe("random frames", () => {
  it("crash nothing, leave no call behind, fill no memory, and disturb no other connection", async () => {
    setFlagsFromString("--expose_gc");
    const collect = runInNewContext("gc") as () => void;
    const served = serveMethods(methods, { calls: 20, credit: 4 });
    const other = served.connect();
    const heap: number[] = [];
    let total = 0;
    const rounds = isFull ? 50 : 6;
    for (let round = 1; round <= rounds; round++) {
      const [client, connections] = await attack(() => served.connect(), 2_000, round);
      total += connections;
      const { result } = await other.call(`o${round}`, "test.v1.Orders/Echo", [{ orderId: String(round) }]);
      expect(result).toEqual({ response: { orderId: String(round) } });
      other.sent.length = 0;
      client.listener?.close();
      await vi.waitFor(() => expect(served.running()).toBe(0));
      expect(served.stops.size).toBe(1);
      collect();
      heap.push(process.memoryUsage().heapUsed);
    }
    expect(total).toBeGreaterThan(rounds * 20);
    expect(served.error).not.toHaveBeenCalled();
    const [, second = 0] = heap;
    expect((heap.at(-1) as number) - second).toBeLessThan(8 * 1024 * 1024);
  });
});

describe("a flood", () => {
  const flood = (send: (client: TestClient, at: number) => void, count = 20_000, options = {}) => {
    const served = serveMethods(methods, options);
    const client = served.connect(handshakeOf());
    return { ...served, client, run: () => Array.from({ length: count }, (_, at) => send(client, at)) };
  };

  it.each([
    ["$/cancel", [1]],
    ["$/credit", ["s", 2 ** 31 - 1]],
    ["$/end", [1]],
    ["$/item", [1, {}]],
    ["$/later", [{}]],
  ])("of %s of calls that do not exist costs nothing and is not answered", async (method, params) => {
    const { client, run } = flood((one) => one.notify(method, params));
    await client.call(0, "$/ping");
    run();
    expect(client.closed).toBeUndefined();
    expect(client.sent).toHaveLength(1);
    client.listener?.close();
  });

  it("of pings whose answers are not read is cut off", async () => {
    const { client, run } = flood((one, at) => one.request(at, "$/ping"));
    await client.call(0, "$/ping");
    client.bufferedAmount = 2 ** 20;
    client.sent.length = 0;
    run();
    expect(client.closed?.code).toBe(1013);
    expect(client.sent.length).toBeLessThan(2_000);
  });

  it("of calls that are cancelled at once runs no more than the limit", async () => {
    let most = 0;
    let pending = 0;
    const release: (() => void)[] = [];
    const invoke = () => {
      pending++;
      most = Math.max(most, pending);
      // Ignores its signal.
      return new Promise<{ response: object }>((resolve) =>
        release.push(() => {
          pending--;
          resolve({ response: orderOf("") });
        }),
      );
    };
    const served = serveMethods({ Hang: { invoke } }, { calls: 10 });
    const client = served.connect();
    await client.call("p", "$/ping");
    for (let at = 0; at < 2_000; at++) {
      client.request(at, "test.v1.Orders/Hang");
      client.notify("$/cancel", [at]);
      if (at % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    expect(most).toBe(10);
    for (const end of release) end();
    await vi.waitFor(() => expect(served.running()).toBe(0));
    expect(await client.call("x", "$/ping")).toHaveProperty("result");
    client.listener?.close();
  });

  it("of items fills no memory beyond the credit, whatever their size", async () => {
    let signal: AbortSignal | undefined;
    const invoke = (_: unknown, call: CallOptions) => {
      signal = call.signal;
      return new Promise<never>((_resolve, reject) =>
        call.signal?.addEventListener("abort", () => reject(call.signal?.reason as Error)),
      );
    };
    const served = serveMethods(
      { Collect: { method: { stream: "client" }, invoke } },
      { credit: 4, maxMessageSize: 1000 },
    );
    const client = served.connect();
    await client.call("p", "$/ping");
    const calls = Array.from({ length: 10 }, (_, at) => at);
    for (const id of calls) client.request(id, "test.v1.Orders/Collect");
    // Each has credit, but together they exceed what a connection may keep.
    for (let item = 0; item < 3; item++) {
      for (const id of calls) client.notify("$/item", [id, { orderId: "x".repeat(800) }]);
    }
    const answers = client.sent.filter((one) => "error" in (one as object)) as { error: { code: number } }[];
    expect(answers.length).toBeGreaterThanOrEqual(8);
    expect(new Set(answers.map(({ error }) => error.code))).toEqual(new Set([-32008]));
    client.listener?.close();
    expect(signal?.aborted).toBe(true);
    await vi.waitFor(() => expect(served.running()).toBe(0));
  });
});
