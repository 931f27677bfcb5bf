// Handlers of streams whose clients leave, or whose time is over, over each transport: their signal aborts, although they wait for something
// else and nobody requests their next item.
import { connect } from "node:http2";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type RunningServer, serve } from "../adapters/node/index.js";
import { rest } from "../transport/rest/index.js";
import { rpc } from "../transport/rpc/index.js";
import { createApp } from "./create-app.js";
import { count, createTill } from "./till.fixture.js";

/** How each handler has ended, in turn: `begun` while it has not. */
let endings: string[];
let server: RunningServer;
const path = `/${count.service}/${count.name}`;

beforeEach(async () => {
  endings = [];
  const parts = createTill({
    async *count(_query, { signal }) {
      const at = endings.push("begun") - 1;
      try {
        yield { value: "1" };
        await new Promise((resolve) => signal?.addEventListener("abort", resolve));
        endings[at] = "saw its signal";
      } finally {
        if (endings[at] === "begun") endings[at] = "ended without its signal";
      }
    },
  });
  server = await serve(createApp({ parts, transports: [rpc(), rest()] }), { drainTimeout: 0 });
});
afterEach(() => server.stop());

const ended = () => expect.poll(() => endings).toEqual(["saw its signal"]);
const message = (text: string) => Uint8Array.from([0, 0, 0, 0, text.length, ...Buffer.from(text)]);

/** Sends a call over HTTP/1.1, and reads the first chunk of its response. */
async function open(
  type: string,
  body: string | Uint8Array<ArrayBuffer>,
  headers = {},
  at = path,
): Promise<() => void> {
  const controller = new AbortController();
  const response = await fetch(server.url + at, {
    method: "POST",
    headers: { "content-type": type, ...headers },
    body,
    signal: controller.signal,
  });
  await response.body?.getReader().read();
  return () => controller.abort();
}

/** Sends a call over gRPC, and waits for its first item. */
async function openGrpc(headers = {}): Promise<() => void> {
  const session = connect(server.url);
  const stream = session.request({
    ":method": "POST",
    ":path": path,
    "content-type": "application/grpc",
    te: "trailers",
    ...headers,
  });
  stream.on("error", () => {});
  stream.end(message(""));
  await new Promise((resolve) => stream.once("data", resolve));
  stream.resume().once("close", () => session.close());
  return () => stream.close(8);
}

describe("the signal of the handler of a stream aborts", () => {
  const opened: Readonly<Record<string, () => Promise<() => void>>> = {
    REST: () => open("application/json", '""', { accept: "text/event-stream" }, "/count"),
    Connect: () => open("application/connect+json", message('""')),
    "gRPC-Web": () => open("application/grpc-web", message("")),
    gRPC: () => openGrpc(),
  };
  it.each(Object.entries(opened))("when its client leaves, over %s", async (_, begin) => {
    const leave = await begin();
    expect(endings).toEqual(["begun"]);
    leave();
    await ended();
  });

  it.each([
    ["Connect", () => open("application/connect+json", message('""'), { "connect-timeout-ms": "300" })],
    ["gRPC", () => openGrpc({ "grpc-timeout": "300m" })],
  ])("when its time is over, over %s", async (_, begin) => {
    await begin();
    await ended();
  });
});
