// Errors of a client that concern its whole connection: it is told by GOAWAY, and the connection is closed (RFC 9113, section 5.4.1).
import { connect, constants } from "node:http2";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { HttpHandler } from "../../../http/index.js";
import type { ServeOptions } from "../options/index.js";
import { type RunningServer, serve } from "../serve.js";
import { flags, frame, frames, RawClient, request, requestBlock, uint32 } from "./raw-client.fixture.js";

const running: RunningServer[] = [];
const clients: RawClient[] = [];
afterEach(async () => {
  for (const client of clients.splice(0)) client.socket.destroy();
  await Promise.all(running.splice(0).map((server) => server.stop()));
});

const patient = { interval: 10 };

/** Makes the server look at its connections often. No client is disconnected because of a ping. */
const often = { pingInterval: 800, pingTimeout: 2 ** 31 - 1 };

/** `/wait` answers when its signal aborts, `/flow` streams without an end; these are counted. */
async function start(options: ServeOptions = {}) {
  const counts = { running: 0 };
  const info = vi.fn();
  const handle: HttpHandler = async ({ path, signal }) => {
    if (path === "/") return { status: 200, headers: {}, body: "answer" };
    counts.running++;
    signal.addEventListener("abort", () => counts.running--);
    if (path === "/wait") await new Promise((resolve) => signal.addEventListener("abort", resolve));
    return { status: 200, headers: {}, body: path === "/flow" ? flow() : "" };
  };
  async function* flow() {
    for (;;) yield "x".repeat(10_000);
  }
  const app = { handle, start: async () => {}, stop: async () => {} };
  const logger = { debug() {}, info, warn() {}, error() {} };
  const server = await serve(app, { drainTimeout: 0, logger, ...options });
  running.push(server);
  const client = new RawClient(server.port);
  clients.push(client);
  return { server, client, counts, info };
}

const { NGHTTP2_PROTOCOL_ERROR: protocol, NGHTTP2_FRAME_SIZE_ERROR: size } = constants;
const { NGHTTP2_COMPRESSION_ERROR: compression } = constants;
const errors: readonly (readonly [string, number, readonly Buffer[]])[] = [
  ["DATA on stream 0", protocol, [frame(frames.data, 0, 0, Buffer.from("x"))]],
  ["DATA on an idle stream", protocol, [frame(frames.data, 0, 9, Buffer.from("x"))]],
  ["a broken header block", compression, [frame(frames.headers, 5, 7, Buffer.alloc(6, 0xff))]],
  ["CONTINUATION without HEADERS", protocol, [frame(frames.continuation, flags.endHeaders, 7, requestBlock())]],
  ["a frame between HEADERS and CONTINUATION", protocol, [frame(frames.headers, 1, 7, requestBlock()), request(9)]],
  ["HEADERS with too much padding", protocol, [frame(frames.headers, 13, 7, Buffer.from([255, 0x82]))]],
  ["PRIORITY of a stream on itself", protocol, [frame(frames.priority, 0, 7, Buffer.from([0, 0, 0, 7, 1]))]],
  ["PING of seven bytes", size, [frame(frames.ping, 0, 0, Buffer.alloc(7))]],
  ["SETTINGS of five bytes", size, [frame(frames.settings, 0, 0, Buffer.alloc(5))]],
  ["GOAWAY that is too short", size, [frame(frames.goaway, 0, 0, uint32(0))]],
  ["a frame that is too large", size, [frame(frames.data, 0, 7, Buffer.alloc(20_000))]],
  ["HTTP/1.1", size, [Buffer.from("GET / HTTP/1.1\r\nhost: a\r\n\r\n")]],
];

describe("a client of HTTP/2 that sends", () => {
  it.each(errors)("%s is told so, and disconnected, with its requests aborted", async (_, code, sent) => {
    const { client, counts, info } = await start({ http2: often });
    client.send(request(1, "GET", "/wait"), request(3, "GET", "/flow"));
    await vi.waitFor(() => expect([counts.running, client.of(frames.data, 3).length > 0]).toEqual([2, true]), patient);
    client.send(...sent);
    await vi.waitFor(() => expect(client.closed).toBe(true), patient);
    expect(client.goaway?.code).toBe(code);
    await vi.waitFor(() => expect(counts.running).toBe(0), patient);
    expect(info.mock.calls).toEqual([["disconnected a client that violated the protocol of HTTP/2"]]);
  });

  it("an error while its connection is closing is disconnected too", async () => {
    const { server, client, counts } = await start({ http2: often, stopTimeout: 2 ** 30 });
    client.send(request(1, "GET", "/wait"));
    await vi.waitFor(() => expect(counts.running).toBe(1), patient);
    const stopped = server.stop();
    await vi.waitFor(() => expect(client.goaway?.code).toBe(0), patient);
    client.send(frame(frames.settings, flags.ack, 0), frame(frames.ping, 0, 0, Buffer.alloc(7)));
    await vi.waitFor(() => expect(client.closed).toBe(true), patient);
    await stopped;
  });
});

describe("a client of HTTP/2 that makes no error", () => {
  it("keeps its connection, though it reads nothing for long", async () => {
    const { server, client, counts } = await start({ http2: often });
    const window = frame(frames.windowUpdate, 0, 0, uint32(2 ** 30));
    client.send(frame(frames.settings, 0, 0, Buffer.concat([Buffer.from([0, 4]), uint32(2 ** 30)])), window);
    client.send(request(1, "GET", "/flow"));
    client.socket.pause();
    await vi.waitFor(() => expect(counts.running).toBe(1), patient);
    // Pings to a silent client are several checks apart: meanwhile the first client is looked at as often.
    await observe(server, 4);
    expect(counts.running).toBe(1);
    client.socket.resume();
    client.send(frame(frames.reset, 0, 1, uint32(8)));
    await vi.waitFor(() => expect(counts.running).toBe(0), patient);
    expect(client.closed).toBe(false);
  });

  it("is asked once after it has sent something, not again and again", async () => {
    const { server, client } = await start();
    client.send(request(1));
    const pings = (): number => client.of(frames.ping).length;
    await vi.waitFor(() => expect(pings()).toBe(1), patient);
    // Another client comes to its own ping meanwhile.
    await observe(server, 1);
    expect(pings()).toBe(1);
    client.send(client.of(frames.ping).map(({ payload }) => frame(frames.ping, flags.ack, 0, payload))[0] as Buffer);
    await observe(server, 1);
    expect(pings()).toBe(1);
  });

  /** Waits until another client, which sends one request, has got some pings. */
  async function observe(server: RunningServer, count: number): Promise<void> {
    const session = connect(server.url);
    let pings = 0;
    session.on("ping", () => pings++);
    for await (const _ of session.request({ ":path": "/" }));
    await vi.waitFor(() => expect(pings).toBeGreaterThanOrEqual(count), patient);
    session.destroy();
  }
});
