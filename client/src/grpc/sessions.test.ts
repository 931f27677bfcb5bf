import type { Settings } from "node:http2";
import { afterEach, describe, expect, it } from "vitest";
import { query, serverStream } from "../codegen/index.js";
import { codec, connectTo, type ServedCall, startServer, type Text } from "./grpc-server.fixture.js";

const types = { service: "test.v1.Echo", request: codec, response: codec };
const say = query<Text, Text>({ ...types, name: "Say" });
const count = serverStream<Text, Text>({ ...types, name: "Count" });
const endings: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const end of endings.splice(0)) await end();
});

/** Answers queries, and begins streams that do not end. */
async function start(settings: Settings) {
  const calls: string[] = [];
  const serve = (call: ServedCall) => {
    calls.push(String(call.headers[":path"]));
    call.send(["a"]);
    if (call.headers[":path"] === "/test.v1.Echo/Say") call.end({ "grpc-status": "0" });
  };
  const server = await startServer(serve, settings);
  const client = connectTo(server);
  endings.push(() => client.close(), server.close);
  return { server, client, calls };
}

describe("connections", () => {
  it("become more while each has as many calls as the server accepts", async () => {
    const { server, client } = await start({ maxConcurrentStreams: 2 });
    const stop = new AbortController();
    const opened = Array.from({ length: 5 }, async () => {
      const items = count(client, { text: "a" }, { signal: stop.signal })[Symbol.asyncIterator]();
      await items.next();
      return items;
    });
    const streams = await Promise.all(opened);
    expect(await say(client, { text: "a" })).toEqual({ text: "a" });
    expect(server.sessions.length).toBe(3);
    stop.abort();
    await Promise.allSettled(streams.map((items) => items.next()));
    for (let i = 0; i < 5; i++) await say(client, { text: "a" });
    expect(server.sessions.length).toBe(3);
  });

  it("wait for the settings of the server before they become more", async () => {
    const { server, client } = await start({ maxConcurrentStreams: 1_000 });
    const answers = Array.from({ length: 300 }, () => say(client, { text: "a" }));
    expect(new Set((await Promise.all(answers)).map(({ text }) => text))).toEqual(new Set(["a"]));
    expect(server.sessions.length).toBe(1);
  });

  it("do not send a call that was cancelled while it waited for one", async () => {
    const { client, calls } = await start({ maxConcurrentStreams: 1_000 });
    const first = say(client, { text: "a" });
    const controller = new AbortController();
    // They are sent in the next microtask.
    await Promise.resolve();
    const cancelled = say(client, { text: "b" }, { signal: controller.signal }).safe();
    controller.abort();
    expect((await cancelled).error?.code).toBe("cancelled");
    await first;
    await say(client, { text: "a" });
    expect(calls.length).toBe(2);
  });
});

it("headers that HTTP cannot send fail the call, and are not left out", async () => {
  const { client, calls } = await start({});
  for (const headers of [{ "x-a": "a\nb" }, { "x-a": ["b", "€"] }]) {
    const { error } = await say(client, { text: "a" }, { headers }).safe();
    expect(error).toMatchObject({ code: "invalid_argument", message: "x-a has characters that headers cannot have" });
  }
  expect(calls).toEqual([]);
});
