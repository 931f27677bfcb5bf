import { randomBytes } from "node:crypto";
import { type ClientHttp2Session, connect, constants } from "node:http2";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { HttpHandler } from "../../../http/index.js";
import type { ServeOptions } from "../options/index.js";
import { type RunningServer, serve } from "../serve.js";
import {
  flags,
  frame,
  frames,
  headerBlock,
  RawClient,
  request,
  requestBlock,
  reset,
  uint32,
} from "./raw-client.fixture.js";

const running: RunningServer[] = [];
const clients: RawClient[] = [];
const sessions: ClientHttp2Session[] = [];
afterEach(async () => {
  for (const client of clients.splice(0)) client.socket.destroy();
  for (const session of sessions.splice(0)) session.destroy();
  await Promise.all(running.splice(0).map((server) => server.stop()));
});

const patient = { interval: 10 };

/** Serves an app that counts what is running. `/wait` answers when its signal aborts, `/flow` streams without an end. */
async function start(options: ServeOptions = {}) {
  const counts = { begun: 0, running: 0, streams: 0 };
  const info = vi.fn();
  const handle: HttpHandler = async (received) => {
    counts.begun++;
    counts.running++;
    try {
      if (received.path === "/wait" && !received.signal.aborted) {
        await new Promise((resolve) => received.signal.addEventListener("abort", resolve));
      }
      if (received.path === "/body") return { status: 200, headers: {}, body: await received.bytes(1_000_000) };
      if (received.path === "/large") return { status: 200, headers: {}, body: "x".repeat(1_000_000) };
      if (received.path === "/flow") return { status: 200, headers: {}, body: flow() };
      return { status: 200, headers: {}, body: "answer" };
    } catch (error) {
      const { status = 500 } = error as { status?: number };
      return { status, headers: {}, body: "failed" };
    } finally {
      counts.running--;
    }
  };
  async function* flow() {
    counts.streams++;
    try {
      for (;;) yield "x".repeat(10_000);
    } finally {
      counts.streams--;
    }
  }
  const app = { handle, start: async () => {}, stop: async () => {} };
  const logger = { debug() {}, info, warn() {}, error() {} };
  const server = await serve(app, { drainTimeout: 0, logger, ...options });
  running.push(server);
  const client = (): RawClient => {
    const created = new RawClient(server.port);
    clients.push(created);
    return created;
  };
  /** Whether another client gets an answer. */
  const answers = async (): Promise<string> => {
    const session = connect(server.url);
    sessions.push(session);
    const stream = session.request({ ":path": "/" });
    let body = "";
    for await (const chunk of stream) body += chunk;
    session.destroy();
    return body;
  };
  return { server, client, counts, answers, info };
}

/** What the server answered to pings. It also sends some itself. */
const answersOf = (client: RawClient) => client.of(frames.ping).filter((one) => (one.flags & flags.ack) !== 0);

const oddIds = (count: number): readonly number[] => Array.from({ length: count }, (_, at) => 2 * at + 1);

describe("a hostile client of HTTP/2", () => {
  it("that resets all its requests is disconnected, and leaves none running", async () => {
    const { client, counts, answers } = await start();
    const attacker = client();
    for (const id of oddIds(5_000)) attacker.send(request(id, "GET", "/wait"), reset(id));
    await vi.waitFor(() => expect(attacker.closed).toBe(true), patient);
    await vi.waitFor(() => expect(counts.running).toBe(0), patient);
    expect(counts.begun).toBeLessThan(2_000);
    expect(await answers()).toBe("answer");
  });

  it("that makes the server reset its requests is disconnected, and leaves none running", async () => {
    const { client, counts, answers } = await start();
    const attacker = client();
    // An increment of 0 is an error of the stream (CVE-2025-8671).
    for (const id of oddIds(5_000)) {
      attacker.send(request(id, "GET", "/wait"), frame(frames.windowUpdate, 0, id, uint32(0)));
    }
    await vi.waitFor(() => expect(attacker.closed).toBe(true), patient);
    await vi.waitFor(() => expect(counts.running).toBe(0), patient);
    expect(counts.begun).toBeLessThan(3_000);
    expect(await answers()).toBe("answer");
  });

  it("that opens too many requests at once has the others refused, or is disconnected if it knew the limit", async () => {
    const { client, counts, answers } = await start({ http2: { maxConcurrentStreams: 10 } });
    const attacker = client();
    attacker.send(...oddIds(30).map((id) => request(id, "GET", "/wait")));
    await vi.waitFor(() => expect(attacker.of(frames.reset)).toHaveLength(20), patient);
    // REFUSED_STREAM: not executed, and safe to repeat.
    expect(attacker.of(frames.reset).map(({ payload }) => payload.readUInt32BE())).toEqual(Array(20).fill(7));
    expect(counts.running).toBe(10);
    attacker.send(frame(frames.settings, flags.ack, 0), request(61, "GET", "/wait"));
    await vi.waitFor(() => expect(attacker.closed).toBe(true), patient);
    await vi.waitFor(() => expect(counts.running).toBe(0), patient);
    expect(await answers()).toBe("answer");
  });

  it("that never ends its headers is disconnected", async () => {
    const { client, counts, answers } = await start();
    const attacker = client();
    attacker.send(frame(frames.headers, flags.endStream, 1, requestBlock()));
    const more = frame(frames.continuation, 0, 1, headerBlock([["x", "y".repeat(1_000)]]));
    for (let sent = 0; sent < 2_000 && !attacker.closed; sent++) {
      attacker.send(more);
      if (sent % 20 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await vi.waitFor(() => expect(attacker.closed).toBe(true), patient);
    expect(counts.begun).toBe(0);
    expect(await answers()).toBe("answer");
  });

  const large: [string, string][] = [["x", "y".repeat(20_000)]];
  const many = Array.from({ length: 400 }, (_, at): [string, string] => [`x${at}`, "y".repeat(20)]);
  it.each([
    ["too large", large, true],
    ["too large in sum", many, true],
    ["too large, and acknowledges no limit,", large, false],
    ["too large in sum, and acknowledges no limit,", many, false],
  ])("that sends headers which are %s gets no answer but keeps its other requests", async (_, more, acknowledges) => {
    const { client, counts } = await start();
    const sender = client();
    if (acknowledges) sender.send(frame(frames.settings, flags.ack, 0));
    sender.send(request(1, "POST", "/body", true));
    const block = requestBlock("GET", "/", more);
    sender.send(frame(frames.headers, flags.endStream, 3, block.subarray(0, 16_000)));
    sender.send(frame(frames.continuation, flags.endHeaders, 3, block.subarray(16_000)));
    await vi.waitFor(() => expect(sender.of(frames.reset, 3)).toHaveLength(1), patient);
    // ENHANCE_YOUR_CALM, which gRPC takes for RESOURCE_EXHAUSTED.
    expect(sender.of(frames.reset, 3)[0]?.payload.readUInt32BE()).toBe(11);
    sender.send(frame(frames.data, flags.endStream, 1, Buffer.from("whole")));
    await vi.waitFor(() => expect(String(sender.of(frames.data, 1)[0]?.payload)).toBe("whole"), patient);
    expect(counts.begun).toBe(1);
  });

  it("that sends headers up to the limit is answered", async () => {
    const { client } = await start();
    const sender = client();
    const block = requestBlock(
      "GET",
      "/",
      Array.from({ length: 300 }, (_, at) => ["cookie", `c${at}=v`]),
    );
    sender.send(frame(frames.headers, flags.endStream | flags.endHeaders, 1, block));
    await vi.waitFor(() => expect(String(sender.of(frames.data, 1)[0]?.payload)).toBe("answer"), patient);
  });

  it.each([
    ["PING", () => frame(frames.ping, 0, 0, Buffer.alloc(8)), "too_many_pings"],
    ["SETTINGS", () => frame(frames.settings, 0, 0), "too_many_settings"],
  ] as const)("that floods with %s is disconnected with a reason", async (_, build, reason) => {
    const { client, answers } = await start();
    const attacker = client();
    attacker.send(...Array.from({ length: 50 }, build));
    await vi.waitFor(() => expect(attacker.closed).toBe(true), patient);
    expect(attacker.of(frames.goaway)[0]?.payload.subarray(8).toString()).toBe(reason);
    expect(attacker.of(frames.goaway)[0]?.payload.readUInt32BE(4)).toBe(11);
    expect(await answers()).toBe("answer");
  });

  it("may ping with each response", async () => {
    const { client } = await start();
    const sender = client();
    for (const id of oddIds(20)) {
      sender.send(request(id), frame(frames.ping, 0, 0, Buffer.alloc(8)));
      await vi.waitFor(() => expect(sender.of(frames.data, id)).toHaveLength(1), patient);
    }
    await vi.waitFor(() => expect(answersOf(sender)).toHaveLength(20), patient);
    expect(sender.closed).toBe(false);
  });

  it("may ping as often as the option allows", async () => {
    const { client } = await start({ http2: { minClientPingInterval: 0 } });
    const sender = client();
    sender.send(...Array.from({ length: 50 }, () => frame(frames.ping, 0, 0, Buffer.alloc(8))));
    await vi.waitFor(() => expect(answersOf(sender)).toHaveLength(50), patient);
    expect(sender.closed).toBe(false);
  });

  it.each(["/large", "/flow"])("that gives no window for %s has its request reset in time", async (path) => {
    const { client, counts, info } = await start({ writeTimeout: 100 });
    const slow = client();
    slow.send(frame(frames.settings, 0, 0, Buffer.concat([Buffer.from([0, 4]), uint32(0)])), request(1, "GET", path));
    await vi.waitFor(() => expect(slow.of(frames.reset, 1)).toHaveLength(1), patient);
    expect(slow.of(frames.reset, 1)[0]?.payload.readUInt32BE()).toBe(constants.NGHTTP2_CANCEL);
    await vi.waitFor(() => expect([counts.running, counts.streams]).toEqual([0, 0]), patient);
    expect(info).toHaveBeenCalledWith("disconnected a slow client: it read nothing for 100 ms");
    // The connection is fine.
    slow.send(frame(frames.settings, 0, 0, Buffer.concat([Buffer.from([0, 4]), uint32(1_000)])), request(3));
    await vi.waitFor(() => expect(String(slow.of(frames.data, 3)[0]?.payload)).toBe("answer"), patient);
  });

  it("that gives no window for a short response has its request reset too", async () => {
    const { client, info } = await start({ writeTimeout: 100 });
    const slow = client();
    slow.send(frame(frames.settings, 0, 0, Buffer.concat([Buffer.from([0, 4]), uint32(0)])), request(1));
    await vi.waitFor(() => expect(slow.of(frames.reset, 1)[0]?.payload.readUInt32BE()).toBe(8), patient);
    expect(info).toHaveBeenCalledWith("disconnected a slow client: it read nothing for 100 ms");
  });

  it("that reads nothing at all is disconnected", async () => {
    const { client, counts, answers } = await start({ http2: { pingInterval: 100, pingTimeout: 100 } });
    const slow = client();
    slow.socket.pause();
    const window = frame(frames.windowUpdate, 0, 0, uint32(2 ** 30));
    slow.send(frame(frames.settings, 0, 0, Buffer.concat([Buffer.from([0, 4]), uint32(2 ** 30)])), window);
    slow.send(...oddIds(20).map((id) => request(id, "GET", "/flow")));
    await vi.waitFor(() => expect(counts.streams).toBe(20), patient);
    await vi.waitFor(() => expect(counts.streams).toBe(0), patient);
    expect(await answers()).toBe("answer");
  });

  it("that sends its request too slowly gets 408", async () => {
    const { client, counts } = await start({ requestTimeout: 100 });
    const slow = client();
    slow.send(request(1, "POST", "/body", true), frame(frames.data, 0, 1, Buffer.from("begun")));
    await vi.waitFor(() => expect(slow.of(frames.headers, 1)).toHaveLength(1), patient);
    // 408 is no entry of the static table: the status is a literal.
    expect(slow.of(frames.headers, 1)[0]?.payload.includes("408")).toBe(true);
    await vi.waitFor(() => expect(slow.of(frames.reset, 1)[0]?.payload.readUInt32BE()).toBe(0), patient);
    expect(counts.running).toBe(0);
  });

  it("that is silent is asked, and disconnected if it does not answer", async () => {
    const { client, server } = await start({ http2: { pingInterval: 50, pingTimeout: 50 } });
    const silent = client();
    await vi.waitFor(() => expect(silent.closed).toBe(true), patient);
    expect(silent.of(frames.ping).length).toBeGreaterThan(0);
    const session = connect(server.url);
    sessions.push(session);
    // A client that answers stays.
    const pings = vi.fn();
    session.on("ping", pings);
    await vi.waitFor(() => expect(pings.mock.calls.length).toBeGreaterThan(3), patient);
    expect(session.closed).toBe(false);
  });

  it("that has no requests for long is sent away", async () => {
    const { client } = await start({ http2: { idleTimeout: 50 } });
    const idle = client();
    idle.send(request(1));
    await vi.waitFor(() => expect(idle.closed).toBe(true), patient);
    expect(String(idle.of(frames.data, 1)[0]?.payload)).toBe("answer");
    expect(idle.goaway?.code).toBe(0);
  });

  it("that has sent many requests is sent away after them", async () => {
    const { client } = await start({ maxRequestsPerConnection: 3 });
    const busy = client();
    busy.send(...oddIds(4).map((id) => request(id)));
    await vi.waitFor(() => expect(busy.closed).toBe(true), patient);
    // The fourth arrived together with the third.
    expect(oddIds(4).map((id) => String(busy.of(frames.data, id)[0]?.payload))).toEqual(Array(4).fill("answer"));
    expect(busy.goaway?.code).toBe(0);
  });

  it("that sends anything at all leaves nothing behind", async () => {
    const { client, counts, answers } = await start();
    for (let round = 0; round < 40; round++) {
      const attacker = client();
      attacker.send(request(1, "POST", "/body", true), request(3, "GET", "/flow"), request(5, "GET", "/wait"));
      for (let sent = 0; sent < 100; sent++) {
        const [type = 0, bits = 0, stream = 0, size = 0] = randomBytes(4);
        attacker.send(frame(type % 11, bits, stream % 9, randomBytes(size % 40)));
      }
      if (round % 2 === 0) attacker.send(randomBytes(1_000));
      await new Promise((resolve) => setTimeout(resolve, 5));
      attacker.socket.destroy();
    }
    await vi.waitFor(() => expect([counts.running, counts.streams]).toEqual([0, 0]), patient);
    expect(await answers()).toBe("answer");
  });

  it.each([
    ["CONNECT", 501, { ":method": "CONNECT", ":authority": "a:1" }],
    ["an unknown expectation", 417, { expect: "x" }],
  ])("that sends %s gets %s", async (_, status, headers) => {
    const { server, counts } = await start();
    const session = connect(server.url);
    sessions.push(session);
    const stream = session.request(headers);
    const received = await new Promise<Record<string, unknown>>((resolve) => stream.on("response", resolve));
    expect(received[":status"]).toBe(status);
    expect(counts.begun).toBe(0);
  });
});
