import { connect, type Socket } from "node:net";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { HttpHandler } from "../../../http/index.js";
import { ws } from "../../ws/index.js";
import { type RunningServer, serve } from "../serve.js";

const patient = { interval: 10 };
const running: RunningServer[] = [];
const clients: Socket[] = [];
afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy();
  await Promise.all(running.splice(0).map((server) => server.stop()));
});

/** A server that responds to a path when the test calls its function in `answers`, and accepts WebSockets at once. */
async function start() {
  const answers = new Map<string, () => void>();
  const gone: string[] = [];
  const large = "x".repeat(1_000_000);
  const handle: HttpHandler = async ({ path, signal }) => {
    if (path === "/socket") {
      const open = () => ({ message() {}, pong() {}, close() {}, drain() {} });
      return { status: 101, headers: {}, webSocket: { protocol: "p", maxMessageSize: 100, open } };
    }
    signal.addEventListener("abort", () => gone.push(path));
    await new Promise<void>((resolve) => answers.set(path, resolve));
    return { status: 200, headers: {}, body: `[${path}]${path === "/large" ? large : ""}` };
  };
  const app = { handle, start: async () => {}, stop: async () => {} };
  const server = await serve(app, { drainTimeout: 0, webSockets: ws() });
  running.push(server);
  const answer = async (path: string): Promise<void> => {
    await vi.waitFor(() => expect(answers.has(path)).toBe(true), patient);
    answers.get(path)?.();
  };
  return { port: server.port, answers, answer, gone };
}

function open(port: number, text: string) {
  const client = { socket: connect(port, "127.0.0.1", () => client.socket.write(text)), read: "" };
  client.socket.on("data", (chunk) => {
    client.read += chunk;
  });
  client.socket.on("error", () => {});
  clients.push(client.socket);
  return client;
}

const get = (path: string, more = "") => `GET ${path} HTTP/1.1\r\nhost: x\r\n${more}\r\n`;
const webSocket =
  "connection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\nsec-websocket-protocol: p\r\n";
const h2c = "connection: upgrade, http2-settings\r\nupgrade: h2c\r\nhttp2-settings: AAMAAABkAAQAAP__\r\n";

describe("a pipelined upgrade request", () => {
  it("becomes a WebSocket after the earlier responses", async () => {
    const { port, answer } = await start();
    const client = open(port, get("/first") + get("/large") + get("/socket", webSocket));
    await answer("/large");
    await answer("/first");
    await vi.waitFor(
      () => expect(client.read).toMatch(/ 200 .*\[\/first\].* 200 .*\[\/large\]x+HTTP\/1.1 101 /s),
      patient,
    );
  });

  it("is answered after them if it is refused", async () => {
    const { port, answers, answer } = await start();
    const client = open(port, get("/first") + get("/second", h2c) + get("/third"));
    await answer("/first");
    await answer("/second");
    await answer("/third");
    await vi.waitFor(() => expect(client.read).toMatch(/\[\/first\].*\[\/second\].*\[\/third\]/s), patient);
    expect([...answers.keys()]).toEqual(["/first", "/second", "/third"]);
  });

  it("may be followed by a broken connection, which ends the requests before it", async () => {
    const { port, answers, gone } = await start();
    const client = open(port, get("/first") + get("/second") + get("/socket", webSocket));
    await vi.waitFor(() => expect(answers.size).toBe(2), patient);
    client.socket.resetAndDestroy();
    await vi.waitFor(() => expect(gone.sort()).toEqual(["/first", "/second"]), patient);
  });
});
