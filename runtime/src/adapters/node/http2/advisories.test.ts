// What published advisories about servers of HTTP/2 and gRPC describe, sent to ours. An exception nobody catches, which in some of
// them ended the process, ends this test. Floods of frames: hostile-http2.test.ts. Advisories about clients: grpc-transport.test.ts.
import { randomBytes } from "node:crypto";
import { connect } from "node:http2";
import { createConnection } from "node:net";
import { connect as connectTls } from "node:tls";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { afterEach, expect, it, vi } from "vitest";
import { app, encoded } from "../../../transport/rpc/rpc.fixture.js";
import { type RunningServer, serve } from "../index.js";
import { cert, key } from "../tls.fixture.js";
import { flags, frame, frames, headerBlock, RawClient, reset, uint32 } from "./raw-client.fixture.js";

const patient = { interval: 10 };
const path = "/test.v1.Orders/Method0";
const limit = 100_000;
const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

/** Serves a unary method over gRPC, which answers with its request. */
async function start(tls?: { cert: string; key: string }): Promise<RunningServer> {
  const { routes } = app([{}], { maxMessageSize: limit, compression: { codings: ["gzip", "br"] } });
  const handle = async (request: never) => (await routes(request)) ?? { status: 404, headers: {} };
  const served = { handle, start: async () => {}, stop: async () => {} };
  const server = await serve(served as never, { drainTimeout: 0, ...(tls && { tls }) });
  stops.push(() => server.stop());
  return server;
}

interface Call {
  readonly encoding?: string;
  readonly chunks: readonly Uint8Array[];
}

/** The status of a call, and the bytes that the server let the client send. */
async function call(url: string, { encoding, chunks }: Call): Promise<{ status: unknown; sent: number }> {
  const session = connect(url, { rejectUnauthorized: false });
  stops.push(() => session.destroy());
  const stream = session.request({
    ":method": "POST",
    ":path": path,
    "content-type": "application/grpc",
    te: "trailers",
    ...(encoding && { "grpc-encoding": encoding }),
  });
  let status: unknown;
  for (const event of ["response", "trailers"]) {
    stream.on(event, (headers) => {
      status = headers["grpc-status"] ?? status;
    });
  }
  stream.on("error", () => {});
  const closed = new Promise((resolve) => stream.once("close", resolve));
  stream.resume();
  let sent = 0;
  for (const chunk of chunks) {
    if (status !== undefined || stream.destroyed) break;
    await Promise.race([new Promise((resolve) => stream.write(chunk, resolve)), closed]);
    sent += chunk.length;
  }
  stream.end();
  await closed;
  return { status, sent };
}

function envelope(bits: number, size: number, data: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from([bits]), uint32(size), data]);
}

const whole = (bits: number, data: Uint8Array) => envelope(bits, data.length, data);

async function expectServed(url: string): Promise<void> {
  expect((await call(url, { chunks: [whole(0, encoded("a"))] })).status).toBe("0");
}

it("CVE-2024-37168: a message beyond the limit is refused before it is read", async () => {
  const { url } = await start();
  const part = Buffer.alloc(16_384);
  const announced = await call(url, { chunks: [envelope(0, 2 ** 31, part), ...Array(10_000).fill(part)] });
  expect(announced.status).toBe("8");
  // What was on the way when the server answered.
  expect(announced.sent).toBeLessThan(5_000_000);
  const bomb = gzipSync(Buffer.alloc(50_000_000));
  expect((await call(url, { encoding: "gzip", chunks: [whole(1, bomb)] })).status).toBe("8");
  await expectServed(url);
});

it("CVE-2026-48069: a malformed compressed message fails its call", async () => {
  const { url } = await start();
  const packed = gzipSync(encoded("a"));
  const malformed = [
    ["gzip", Buffer.alloc(100, 0xff)],
    ["gzip", packed.subarray(0, -6)],
    ["gzip", packed.subarray(0, 3)],
    ["gzip", Buffer.concat([packed.subarray(0, -8), Buffer.alloc(8, 0xff)])],
    ["br", Buffer.alloc(100, 0xff)],
    ["br", brotliCompressSync("abcabcabc").subarray(0, -2)],
    ["br", Buffer.from([0xff])],
  ] as const;
  for (const [encoding, data] of malformed) {
    expect((await call(url, { encoding, chunks: [whole(1, data)] })).status).toBe("13");
  }
  await expectServed(url);
});

it("CVE-2026-48068: a malformed begin of a stream harms its stream only", async () => {
  const server = await start();
  const good = [[":method", "POST"], [":scheme", "http"], [":path", path], [":authority", "a"], ["te", "trailers"]] as const; // biome-ignore format: one line
  const grpc = ["content-type", "application/grpc"] as const;
  const blocks = [
    good,
    [...good, ["content-type", ""]],
    [...good, ["content-type", "application/grpc+"]],
    [...good, grpc, grpc],
    [...good, grpc, ["grpc-timeout", "x".repeat(1_000)]],
    [...good, grpc, ["grpc-timeout", "99999999H"]],
    [...good, grpc, ["grpc-encoding", "constructor"]],
    [...good, grpc, ["a-bin", "%%%"], ["__proto__", "x"], ["constructor", "x"]],
    [[":method", "GET"], ...good.slice(1), grpc],
    [[":method", ""], ...good.slice(1), grpc],
    [...good.slice(0, 2), [":path", ""], ...good.slice(3), grpc],
    [...good.slice(0, 2), [":path", "*"], ...good.slice(3), grpc],
    [...good.slice(0, 2), [":path", "/%"], ...good.slice(3), grpc],
    [...good.slice(0, 2), [":path", "//\\?#"], ...good.slice(3), grpc],
    [good[0], good[1], grpc],
    [grpc, ...good],
    [],
  ] as unknown as (readonly (readonly [string, string])[])[];
  for (const block of blocks) {
    for (const end of [flags.endStream, 0]) {
      const client = new RawClient(server.port);
      stops.push(() => client.socket.destroy());
      client.send(frame(frames.headers, flags.endHeaders | end, 1, headerBlock(block)));
      if (end === 0) client.send(frame(frames.data, flags.endStream, 1, randomBytes(9)));
      await vi.waitFor(() => expect(isAnswered(client)).toBe(true), patient);
    }
  }
  await expectServed(server.url);
});

/** Whether the server has answered or reset the first stream, or closed the connection. */
function isAnswered(client: RawClient): boolean {
  const ends = client.of(frames.headers, 1).length + client.of(frames.reset, 1).length;
  return ends > 0 || client.closed || client.goaway !== undefined;
}

it("CVE-2024-27983: connections that are destroyed in the middle of headers leave nothing behind", async () => {
  const server = await start();
  for (let round = 0; round < 200; round++) {
    const client = new RawClient(server.port);
    const block = headerBlock([[":method", "POST"], [":path", path], ["x", "y".repeat(1_000)]]); // biome-ignore format: one line
    client.send(
      frame(frames.headers, flags.endStream, 1, block.subarray(0, 500)),
      frame(frames.continuation, 0, 1, block.subarray(500)),
    );
    if (round % 2 === 0) client.send(reset(1));
    client.socket.end();
    client.socket.destroySoon();
  }
  await expectServed(server.url);
});

it("CVE-2025-59465: header blocks that are no HPACK, over TLS, harm their connection only", async () => {
  const server = await start({ cert, key });
  for (let round = 0; round < 40; round++) {
    const connection = createConnection(server.port, "127.0.0.1");
    const socket = connectTls({ socket: connection, rejectUnauthorized: false, ALPNProtocols: ["h2"] });
    stops.push(() => socket.destroy());
    socket.on("error", () => {});
    await new Promise((resolve) => socket.once("secureConnect", resolve));
    socket.write(Buffer.concat([Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), frame(frames.settings, 0, 0)]));
    socket.write(frame(frames.headers, flags.endHeaders | flags.endStream, 1, randomBytes(16_000)));
    socket.write(frame(frames.headers, flags.endHeaders | flags.endStream, 3, Buffer.alloc(16_384, 0xff)));
    if (round % 2 === 0) connection.resetAndDestroy();
  }
  await expectServed(server.url);
});
