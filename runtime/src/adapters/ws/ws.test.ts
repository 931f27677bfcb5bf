// Frames as a client of the package ws reads them.
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, it } from "vitest";
import { WebSocket } from "ws";
import type { WebSocketPort } from "../../http/index.js";
import { textFrame } from "./text-frame.js";
import { ws } from "./ws.js";

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** Opens a socket to a server that calls `open`. Resolves with what the client receives. */
async function connect(open: (port: WebSocketPort) => void): Promise<{ client: WebSocket; received: string[] }> {
  const upgrade = ws();
  const server = createServer();
  server.on("upgrade", (incoming, socket, head) =>
    upgrade(incoming, socket, head, {
      protocol: "p",
      maxMessageSize: 1000,
      open: (port) => {
        open(port);
        return { message() {}, pong() {}, drain() {}, close() {} };
      },
    }),
  );
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`, "p");
  closers.push(() => server.close().closeAllConnections());
  const received: string[] = [];
  client.on("message", (data, isBinary) => received.push(`${isBinary ? "binary " : ""}${data}`));
  client.on("close", (code) => received.push(`closed ${code}`));
  return { client, received };
}

it("sends text of all sizes whole and in order, with pings and bytes between, and nothing after the end", async () => {
  const texts = ["", "a".repeat(125), "ä".repeat(63), "b".repeat(65_535), "c".repeat(65_536), "€ 😀"];
  const { client, received } = await connect((port) => {
    for (const text of texts) {
      port.send(text);
      port.ping?.();
    }
    port.send(new Uint8Array([100]));
    port.sendShared?.({ text: "shared" });
    port.close(1001, "Going away");
    port.send("late");
    port.sendShared?.({ text: "late" });
  });
  await once(client, "close");
  expect(received).toEqual([...texts, "binary d", "shared", "closed 1001"]);
});

it("makes one frame of a message for several sockets", async () => {
  const ports: WebSocketPort[] = [];
  const clients = [await connect((port) => ports.push(port)), await connect((port) => ports.push(port))];
  await Promise.all(clients.map(({ client }) => once(client, "open")));
  const message: { text: string; frame?: unknown } = { text: "one" };
  ports[0]?.sendShared?.(message);
  const { frame } = message;
  ports[1]?.sendShared?.(message);
  expect(message.frame).toBe(frame);
  for (const port of ports) port.close(1001, "");
  await Promise.all(clients.map(({ client }) => once(client, "close")));
  expect(clients.map(({ received }) => received)).toEqual([
    ["one", "closed 1001"],
    ["one", "closed 1001"],
  ]);
});

it("writes lengths as RFC 6455 has them", () => {
  expect([...textFrame("ab")]).toEqual([0x81, 2, 97, 98]);
  expect([...textFrame("x".repeat(126)).subarray(0, 5)]).toEqual([0x81, 126, 0, 126, 120]);
  expect([...textFrame("x".repeat(65_536)).subarray(0, 11)]).toEqual([0x81, 127, 0, 0, 0, 0, 0, 1, 0, 0, 120]);
});
