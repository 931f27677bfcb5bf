// With doubles of Bun's server and socket. interop/platforms runs the adapter on Bun itself.
import { expect, it, vi } from "vitest";
import type { HttpHandler, WebSocketPort } from "../../http/index.js";
import { type BunSocket, type BunUpgrade, bun } from "./bun.js";

function serve(isAccepted = true) {
  const ports: WebSocketPort[] = [];
  const events: unknown[] = [];
  const handle: HttpHandler = ({ path }) =>
    path === "/ws"
      ? {
          status: 101,
          headers: {},
          webSocket: {
            protocol: "p",
            maxMessageSize: 5,
            open: (port) => {
              ports.push(port);
              return {
                message: (data) => void events.push(data),
                pong: () => void events.push("pong"),
                drain: () => void events.push("drain"),
                close: () => void events.push("close"),
              };
            },
          },
        }
      : { status: 200, headers: {}, body: "ok" };
  const upgrade = vi.fn<BunUpgrade["upgrade"]>(() => isAccepted);
  const timeout = vi.fn<BunUpgrade["timeout"]>();
  return { ...bun({ handle }), server: { upgrade, timeout }, ports, events };
}

it("answers requests, and upgrades those that become WebSockets", async () => {
  const { fetch, server } = serve();
  expect(await (await fetch(new Request("http://shop.test/"), server))?.text()).toBe("ok");
  expect(server.upgrade).not.toHaveBeenCalled();
  expect(await fetch(new Request("http://shop.test/ws"), server)).toBeUndefined();
  expect(server.upgrade.mock.calls[0]?.[1]).toMatchObject({ headers: { "sec-websocket-protocol": "p" } });
});

it("lets calls take longer than Bun allows, and streams be silent", async () => {
  const { fetch, server } = serve();
  const request = new Request("http://a/");
  await fetch(request, server);
  expect(server.timeout.mock.calls).toEqual([
    [request, 255],
    [request, 0],
  ]);
});

it("answers a request that Bun does not upgrade with 501", async () => {
  const { fetch, server } = serve(false);
  expect((await fetch(new Request("http://shop.test/ws"), server))?.status).toBe(501);
});

it("passes the events of a socket to its listener", async () => {
  const { fetch, server, websocket, ports, events } = serve();
  await fetch(new Request("http://shop.test/ws"), server);
  const socket = {
    data: server.upgrade.mock.calls[0]?.[1].data,
    send: vi.fn(() => 1),
    close: vi.fn(),
    terminate: vi.fn(),
    ping: vi.fn(() => 1),
    getBufferedAmount: () => 7,
  } satisfies BunSocket;
  websocket.open(socket);
  const [port] = ports;
  websocket.message(socket, "12345");
  websocket.pong(socket);
  websocket.drain(socket);
  websocket.message(socket, "123456");
  websocket.close(socket);
  expect(events).toEqual(["12345", "pong", "drain", "close"]);
  expect(socket.close.mock.calls).toEqual([[1009, "Message too big"]]);
  port?.send("a");
  port?.ping?.();
  port?.terminate();
  port?.close(1001, "Going away");
  expect(port?.bufferedAmount).toBe(7);
  expect(socket.send.mock.calls).toEqual([["a"]]);
  expect([socket.ping, socket.terminate].map(({ mock }) => mock.calls.length)).toEqual([1, 1]);
});
