import { connect, constants } from "node:http2";
import { request } from "node:https";
import { connect as connectTcp } from "node:net";
import { connect as connectTls, type TLSSocket } from "node:tls";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { HttpHandler } from "../../http/index.js";
import { ws } from "../ws/index.js";
import type { ServeOptions } from "./options/index.js";
import { type RunningServer, serve } from "./serve.js";
import { cert, key } from "./tls.fixture.js";

const running: RunningServer[] = [];
const clients: { destroy(): unknown }[] = [];
afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy();
  await Promise.all(running.splice(0).map((server) => server.stop()));
});

const patient = { interval: 10 };

const echo: HttpHandler = async (received) => ({
  status: 200,
  headers: {},
  body: await received.text(1_000),
  trailers: () => ({ "grpc-status": "0" }),
});

async function start(options: ServeOptions = {}, handle: HttpHandler = echo) {
  const app = { handle, start: async () => {}, stop: async () => {} };
  const server = await serve(app, { drainTimeout: 0, tls: { key, cert }, ...options });
  running.push(server);
  return server;
}

/** Makes the handshake of a browser. */
async function handshake(port: number, protocols: readonly string[] | undefined): Promise<TLSSocket> {
  const options = { port, host: "127.0.0.1", servername: "localhost", ca: cert };
  const socket = connectTls({ ...options, ...(protocols && { ALPNProtocols: [...protocols] }) });
  clients.push(socket);
  await new Promise((resolve, reject) => socket.once("secureConnect", resolve).once("error", reject));
  return socket;
}

describe("serve with TLS", () => {
  it("has an https URL, and serves HTTP/2 with trailers and HTTP/1.1", async () => {
    const server = await start();
    expect(server.url).toBe(`https://127.0.0.1:${server.port}`);
    const session = connect(server.url, { ca: cert });
    clients.push(session);
    const stream = session.request({ ":method": "POST", ":path": "/" });
    const trailers = new Promise<Record<string, unknown>>((resolve) => stream.on("trailers", resolve));
    stream.end("two");
    let body = "";
    for await (const chunk of stream) body += chunk;
    expect([body, (await trailers)["grpc-status"]]).toEqual(["two", "0"]);
    const answer = await new Promise<string>((resolve, reject) => {
      const outgoing = request(server.url, { method: "POST", ca: cert }, (incoming) => {
        let text = incoming.httpVersion;
        incoming.on("data", (chunk) => {
          text += ` ${chunk}`;
        });
        incoming.on("end", () => resolve(text));
      });
      outgoing.on("error", reject).end("one");
    });
    expect(answer).toBe("1.1 one");
  });

  it.each([
    [["h2", "http/1.1"], "h2", {}],
    [["http/1.1"], "http/1.1", {}],
    [undefined, false, {}],
    [["h2", "http/1.1"], "http/1.1", { http2: false }],
  ] as const)("negotiates %s as %s with options %o", async (offered, chosen, options) => {
    const server = await start(options);
    expect((await handshake(server.port, offered)).alpnProtocol).toBe(chosen);
  });

  it("upgrades to WebSockets", async () => {
    const server = await start({ webSockets: ws() }, () => ({
      status: 101,
      headers: {},
      webSocket: {
        protocol: "test",
        maxMessageSize: 100,
        open(socket) {
          const message = (data: string | Uint8Array): void => socket.send(data);
          return { message, pong() {}, drain() {}, close() {} };
        },
      },
    }));
    const socket = await handshake(server.port, ["http/1.1"]);
    let received = "";
    socket.on("data", (chunk) => {
      received += chunk.toString("latin1");
    });
    socket.write(
      `GET / HTTP/1.1\r\nhost: localhost\r\nupgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-version: 13\r\nsec-websocket-key: ${Buffer.alloc(16).toString("base64")}\r\nsec-websocket-protocol: test\r\n\r\n`,
    );
    await vi.waitFor(() => expect(received).toMatch(/^HTTP\/1\.1 101 /), patient);
    // "hi", masked with zeros.
    socket.write(Buffer.from([0x81, 0x82, 0, 0, 0, 0, 0x68, 0x69]));
    await vi.waitFor(() => expect(received.endsWith("\u0081\u0002hi")).toBe(true), patient);
  });

  it("closes connections beyond the limit, and takes others when one is closed", async () => {
    const server = await start({ maxConnections: 1 });
    const first = await handshake(server.port, ["h2"]);
    await expect(handshake(server.port, ["h2"])).rejects.toThrow();
    first.destroy();
    await vi.waitFor(async () => expect((await handshake(server.port, ["h2"])).alpnProtocol).toBe("h2"), patient);
  });

  it.each(["GET / HTTP/1.1\r\nhost: a\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "\x16\x03\x01"])(
    "closes a connection whose client sends %j in place of a handshake",
    async (text) => {
      const server = await start({ requestTimeout: 200 });
      const socket = connectTcp(server.port, "127.0.0.1", () => socket.write(text));
      clients.push(socket);
      await new Promise((resolve) => socket.on("close", resolve).on("error", () => {}));
      expect((await handshake(server.port, ["h2"])).alpnProtocol).toBe("h2");
    },
  );

  it("tells clients of HTTP/2 to go when it stops", async () => {
    const server = await start();
    const session = connect(server.url, { ca: cert });
    clients.push(session);
    await new Promise((resolve) => session.once("connect", resolve));
    const codes: number[] = [];
    session.on("goaway", (code) => codes.push(code));
    await Promise.all([new Promise((resolve) => session.once("close", resolve)), server.stop()]);
    expect(codes[0]).toBe(constants.NGHTTP2_NO_ERROR);
  });
});

describe("the options of TLS and HTTP/2", () => {
  const app = { handle: echo, start: vi.fn(async () => {}), stop: async () => {} };

  it.each([
    [{ tls: { cert } }, "serve has tls without key: expected key and cert as PEM, or pfx"],
    [{ tls: { key } }, "serve has tls without cert: expected key and cert as PEM, or pfx"],
    [{ tls: { key, cert: Buffer.alloc(0) } }, "serve has tls without cert: expected key and cert as PEM, or pfx"],
    [{ tls: { key: "x", cert } }, /^serve has invalid tls: .*: expected a key and the certificate that belongs to it/],
    [{ maxHeaderSize: 1 }, "serve has maxHeaderSize 1: expected a number of bytes from 1024"],
    [{ http2: { maxConcurrentStreams: 0 } }, "serve has http2.maxConcurrentStreams 0: expected a whole number above 0"],
    [
      { http2: { streamWindowSize: 1 } },
      "serve has http2.streamWindowSize 1: expected a number of bytes from 65535, which is what HTTP/2 begins with, to 2147483647",
    ],
    [
      { http2: { connectionWindowSize: 2 ** 31 } },
      "serve has http2.connectionWindowSize 2147483648: expected a number of bytes from 65535, which is what HTTP/2 begins with, to 2147483647",
    ],
    [{ http2: { pingInterval: 0 } }, "serve has http2.pingInterval 0: expected milliseconds, a whole number above 0"],
    [{ http2: { pingTimeout: 0.5 } }, "serve has http2.pingTimeout 0.5: expected milliseconds, a whole number above 0"],
    [
      { http2: { idleTimeout: 0 } },
      "serve has http2.idleTimeout 0: expected milliseconds, a whole number above 0, or Infinity",
    ],
    [
      { http2: { minClientPingInterval: -1 } },
      "serve has http2.minClientPingInterval -1: expected milliseconds, a whole number from 0",
    ],
  ] as const)("are refused if they are %o", async (options, message) => {
    await expect(serve(app, options as ServeOptions)).rejects.toThrow(message);
    expect(app.start).not.toHaveBeenCalled();
  });

  it("reach the client as settings", async () => {
    const server = await start({
      maxHeaderSize: 5_000,
      http2: { maxConcurrentStreams: 7, streamWindowSize: 100_000, connectionWindowSize: 200_000 },
    });
    const session = connect(server.url, { ca: cert });
    clients.push(session);
    await new Promise((resolve) => session.once("remoteSettings", resolve));
    expect(session.remoteSettings).toMatchObject({
      maxConcurrentStreams: 7,
      initialWindowSize: 100_000,
      maxHeaderListSize: 5_000,
    });
    await vi.waitFor(() => expect(session.state.remoteWindowSize).toBe(200_000), patient);
  });

  it("limit the headers of HTTP/1.1 too", async () => {
    const server = await start({ maxHeaderSize: 2_000 });
    const socket = await handshake(server.port, ["http/1.1"]);
    let received = "";
    socket.on("data", (chunk) => {
      received += chunk;
    });
    socket.write(`GET / HTTP/1.1\r\nhost: a\r\nx: ${"x".repeat(3_000)}\r\n\r\n`);
    await vi.waitFor(() => expect(received).toMatch(/^HTTP\/1\.1 431 /), patient);
  });
});
