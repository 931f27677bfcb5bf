import { expect, it, vi } from "vitest";
import { attachStandardSocket, type StandardWebSocket } from "./standard-socket.js";

/** A socket of the HTML standard, and what its listener receives. */
function attach({ readyState = 1, ...rest }: { readyState?: number; bufferedAmount?: number } = {}) {
  const target = new EventTarget();
  const socket = Object.assign(target, { readyState, ...rest, send: vi.fn(), close: vi.fn() });
  const events: unknown[] = [];
  const open = vi.fn(() => ({
    message: (data: unknown) => void events.push(data),
    pong: () => void events.push("pong"),
    drain: () => void events.push("drain"),
    close: () => void events.push("close"),
  }));
  attachStandardSocket(socket as unknown as StandardWebSocket, open);
  const fire = (type: string, data?: unknown): void => {
    target.dispatchEvent(Object.assign(new Event(type), { data }));
  };
  return {
    socket,
    open,
    events,
    fire,
    port: () => (open.mock.calls as unknown as [import("../web-socket.js").WebSocketPort][])[0]?.[0],
  };
}

it("delivers messages as text or bytes, and the end once", () => {
  const { socket, events, fire } = attach();
  expect((socket as unknown as StandardWebSocket).binaryType).toBe("arraybuffer");
  fire("message", "text");
  fire("message", Uint8Array.of(1, 2).buffer);
  fire("error");
  fire("close");
  expect(events).toEqual(["text", Uint8Array.of(1, 2), "close"]);
  // The answer to the close of the client, which one platform leaves to us.
  expect(socket.close.mock.calls).toEqual([[]]);
});

it("waits until the socket is open", () => {
  const { socket, open, fire } = attach({ readyState: 0 });
  expect(open).not.toHaveBeenCalled();
  socket.readyState = 1;
  fire("open");
  expect(open).toHaveBeenCalledOnce();
});

it("opens nothing if the socket fails before", () => {
  const { open, events, fire } = attach({ readyState: 0 });
  fire("error");
  fire("open");
  expect(open).not.toHaveBeenCalled();
  expect(events).toEqual([]);
});

it("sends while the socket is open, and reports what waits as far as the platform does", () => {
  const { socket, port } = attach();
  port()?.send("a");
  socket.readyState = 2;
  port()?.send("b");
  expect(socket.send.mock.calls).toEqual([["a"]]);
  expect(port()?.bufferedAmount).toBe(0);
  expect(attach({ bufferedAmount: 7 }).port()?.bufferedAmount).toBe(7);
  port()?.close(1001, "Going away");
  port()?.terminate();
  expect(socket.close.mock.calls).toEqual([[1001, "Going away"], []]);
  expect(port()?.ping).toBeUndefined();
});
