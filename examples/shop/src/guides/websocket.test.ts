// What docs/guides/websocket.md shows, carried out: its code, and the frames of its examples in their order.
import { readFileSync } from "node:fs";
import { createApp, rest } from "@potter/runtime";
import { serve } from "@potter/runtime/node";
import { webSocket } from "@potter/runtime/websocket";
import { ws } from "@potter/runtime/ws";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { WebSocket } from "ws";
import { parts, store } from "./streaming-orders.fixture.js";

async function open(port: number) {
  const app = createApp({ store, parts, transports: [rest(), webSocket()] });

  const server = await serve(app, { port, webSockets: ws() });

  return server;
}

/** The frames of the guide, in their order. */
const frames = [
  ...readFileSync(new URL("../../../../docs/guides/websocket.md", import.meta.url), "utf8").matchAll(/^([→←]) (.+)$/gm),
].map(([, from = "", text = ""]) => ({ from, text }));

/** What a frame of the guide matches: `…` stands for any value. */
function toPattern(json: unknown): unknown {
  if (json === "…") return expect.any(String);
  if (Array.isArray(json)) return json.length === 1 && json[0] === "…" ? expect.any(Array) : json.map(toPattern);
  if (typeof json !== "object" || json === null) return json;
  return Object.fromEntries(Object.entries(json).map(([key, value]) => [key, toPattern(value)]));
}

describe("the frames of the guide", () => {
  let server: Awaited<ReturnType<typeof open>>;
  let socket: WebSocket;
  const received: unknown[] = [];
  let closed: number | undefined;

  beforeAll(async () => {
    server = await open(0);
    socket = new WebSocket(`${server.url.replace("http", "ws")}/ws`, "potter.v1.json");
    socket.on("message", (data) => received.push(JSON.parse(String(data))));
    socket.on("close", (code) => {
      closed = code;
    });
    await new Promise((resolve) => socket.on("open", resolve));
  });
  afterAll(() => server.stop());

  it("are answered as it shows", async () => {
    expect(frames.length).toBeGreaterThan(20);
    let stopped: Promise<void> | undefined;
    for (const { from, text } of frames) {
      if (from === "→") {
        socket.send(text);
        continue;
      }
      const expected = toPattern(JSON.parse(text.replaceAll("[…]", '["…"]')));
      // The server stops at the end of the guide.
      if (text.includes("$/goaway")) stopped = server.stop();
      await vi.waitFor(() => expect(received).toContainEqual(expected), { interval: 5 });
      received.splice(
        received.findIndex((one) => {
          try {
            expect(one).toEqual(expected);
            return true;
          } catch {
            return false;
          }
        }),
        1,
      );
    }
    await stopped;
    await vi.waitFor(() => expect(closed).toBe(1001));
    // The items of the stream that the guide follows, and its end.
    expect(received.filter((one) => (one as { params?: unknown[] }).params?.[0] !== 5)).toEqual([
      expect.objectContaining({ id: 5, error: expect.objectContaining({ code: -32014 }) }),
    ]);
  });
});
