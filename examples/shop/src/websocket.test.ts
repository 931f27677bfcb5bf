// The shop over WebSockets on a Node server, with connections that break, clients that do not read, and ones that send too much.
import { createApp, type Middleware } from "@potter/runtime";
import { type RunningServer, serve } from "@potter/runtime/node";
import { type WebSocketTransportOptions, webSocket } from "@potter/runtime/websocket";
import { ws } from "@potter/runtime/ws";
import { afterEach, expect, it, vi } from "vitest";
import { WebSocket } from "ws";
import { OrderService } from "../gen/shop/orders/v1/orders_cqrs.js";
import { parts, store } from "./guides/streaming-orders.fixture.js";
import { openProxy } from "./live-shop.fixture.js";

let server: RunningServer;
let sockets: WebSocket[] = [];
let opened = 0;
let following = 0;

/** Counts the streams that were opened in the app, and those that are open. */
const count: Middleware = (method) =>
  method.stream !== "server"
    ? undefined
    : (call, next) => {
        opened += 1;
        following += 1;
        call.context.signal?.addEventListener("abort", () => {
          following -= 1;
        });
        return next(call);
      };

async function open(options: WebSocketTransportOptions = {}) {
  // Several apps follow each other on one store, which is in memory.
  const kept = { ...store, start: async () => {}, stop: async () => {} };
  const app = createApp({ store: kept, parts, transports: [webSocket(options)], middleware: [count] });
  server = await serve(app, { webSockets: ws() });
  return app;
}

afterEach(async () => {
  for (const socket of sockets) socket.terminate();
  sockets = [];
  await server.stop();
});

async function connect(url = server.url): Promise<WebSocket> {
  const socket = new WebSocket(`${url.replace(/^http/, "ws").replace(/\/graphql$/, "")}/ws`, "potter.v1.json");
  sockets.push(socket);
  await new Promise((resolve, reject) => socket.on("open", resolve).on("error", reject));
  return socket;
}

const send = (socket: WebSocket, id: number, method: string, ...params: readonly unknown[]): void =>
  socket.send(JSON.stringify({ jsonrpc: "2.0", id, method, params }));

const closeOf = (socket: WebSocket): Promise<number> => new Promise((resolve) => socket.on("close", resolve));

it("a stream that resumes after each break misses nothing and repeats nothing", async () => {
  const app = await open();
  const proxy = await openProxy(server.port);
  const expected = Array.from({ length: 40 }, (_, at) => `r${at}`);
  const seen: string[] = [];
  let last: string | undefined;
  const read = async (): Promise<void> => {
    const socket = await connect(proxy.url);
    send(socket, 1, "test.v1.Orders/Follow", {}, { credit: 1_000, ...(last !== undefined && { after: last }) });
    await new Promise<void>((resolve) => {
      socket.on("message", (data) => {
        const { method, params } = JSON.parse(String(data)) as { method?: string; params: [number, never, string] };
        if (method !== "$/item") return;
        seen.push((params[1] as { orderId: string }).orderId);
        last = params[2];
        if (seen.length === expected.length) resolve();
      });
      socket.on("close", () => resolve());
    });
  };
  const reading = (async () => {
    while (seen.length < expected.length) await read().catch(() => {});
  })();
  for (const [at, orderId] of expected.entries()) {
    await app.send(OrderService.methods.placeOrder, {
      orderId,
      customerEmail: "ada@example.com",
      lines: [{ sku: "tea", quantity: 1 }],
    });
    if (at % 9 === 4) {
      await vi.waitFor(() => expect(seen.length).toBeGreaterThan(0), { interval: 1 });
      proxy.cut();
    }
  }
  await reading;
  expect(seen).toEqual(expected);
  proxy.close();
});

it("a client that does not read is closed, releases its streams, and delays no other", async () => {
  const app = await open({ writeTimeout: 200, bufferSize: 1024 });
  for (let at = 0; at < 200; at++) {
    await app.send(OrderService.methods.placeOrder, {
      orderId: `s${at}-${"x".repeat(1_000)}`,
      customerEmail: "ada@example.com",
      lines: [{ sku: "tea", quantity: 1 }],
    });
  }
  const [slow, other] = [await connect(), await connect()];
  const closed = closeOf(slow);
  slow.pause();
  const before = opened;
  for (let id = 1; id <= 80; id++) send(slow, id, "test.v1.Orders/Follow", {});
  // A busy machine may close the client before it has opened all of them.
  await vi.waitFor(() => expect(opened).toBeGreaterThan(before), { interval: 1 });
  const answered = new Promise((resolve) => other.once("message", (data) => resolve(JSON.parse(String(data)))));
  send(other, 1, "shop.orders.v1.OrderService/GetOrder", { orderId: "none" });
  expect(await answered).toMatchObject({ error: { code: -32005 } });
  await vi.waitFor(() => expect(following).toBe(0));
  slow.resume();
  // 1006: the server could not wait for the close to be read.
  expect([1006, 1013]).toContain(await closed);
});

it.each([
  ["a frame that is too large", () => " ".repeat(2_000), 1009],
  ["a binary message", () => Buffer.from("{}"), 1003],
  ["a frame that is not UTF-8", () => Buffer.from([0xff]), 1003],
  ["no JSON", () => "{", 4400],
])("%s closes the connection", async (_, message, code) => {
  await open({ maxMessageSize: 1_000 });
  const socket = await connect();
  const closed = closeOf(socket);
  socket.send(message());
  expect(await closed).toBe(code);
});

it("a message in thousands of tiny fragments closes the connection", async () => {
  await open({ maxMessageSize: 65_536 });
  const socket = await connect();
  const closed = closeOf(socket);
  for (let sent = 0; sent < 2_000; sent++) socket.send(" ", { fin: false });
  expect(await closed).toBe(1008);
});

it("a handshake of another origin is refused, and so is a request that is none", async () => {
  await open();
  const refused = new WebSocket(`${server.url.replace("http", "ws")}/ws`, "potter.v1.json", {
    origin: "https://x.test",
  });
  const status = new Promise((resolve) =>
    refused.on("unexpected-response", (_request, response) => resolve(response.statusCode)).on("error", () => {}),
  );
  expect(await status).toBe(403);
  const answer = await fetch(`${server.url}/ws`);
  expect([answer.status, answer.headers.get("upgrade")]).toEqual([426, "websocket"]);
});
