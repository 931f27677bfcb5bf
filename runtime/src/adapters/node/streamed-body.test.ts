import { request as httpRequest } from "node:http";
import { afterEach, expect, it } from "vitest";
import type { HttpHandler } from "../../http/index.js";
import { type RunningServer, serve } from "./serve.js";

const running: RunningServer[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.stop()));
});

async function start(handle: HttpHandler): Promise<RunningServer> {
  const server = await serve({ handle, start: async () => {}, stop: async () => {} }, { drainTimeout: 0 });
  running.push(server);
  return server;
}

it("reads a body as it arrives", async () => {
  const chunks: string[] = [];
  let arrived = (): void => {};
  const first = new Promise<void>((resolve) => {
    arrived = resolve;
  });
  const { port } = await start(async (request) => {
    for await (const chunk of request.chunks()) {
      chunks.push(Buffer.from(chunk).toString());
      arrived();
    }
    return { status: 200, headers: { "set-cookie": ["a=1", "b=2"] }, body: chunks.join("|") };
  });
  const client = httpRequest({ port, method: "POST", headers: { "x-a": "1" } });
  const answer = new Promise<{ text: string; cookies: readonly string[] | undefined }>((resolve, reject) => {
    client.on("error", reject).on("response", async (response) => {
      let text = "";
      for await (const chunk of response) text += chunk;
      resolve({ text, cookies: response.headers["set-cookie"] });
    });
  });
  client.write("one");
  await first;
  client.end("two");
  expect(await answer).toEqual({ text: "one|two", cookies: ["a=1", "b=2"] });
});

it("lists each header, and a repeated one as often as it was sent", async () => {
  let headers: (readonly [string, string])[] = [];
  const { url } = await start((request) => {
    headers = [...request.headers()];
    return { status: 204, headers: {} };
  });
  await new Promise((resolve, reject) => {
    httpRequest(url, { headers: { "X-Tag": ["a", "b"], accept: "*/*" } })
      .on("response", resolve)
      .on("error", reject)
      .end();
  });
  expect(headers.filter(([name]) => name === "x-tag" || name === "accept")).toEqual([
    ["x-tag", "a"],
    ["x-tag", "b"],
    ["accept", "*/*"],
  ]);
});

it("ends a body whose client disconnects with an error", async () => {
  let disconnect = (): void => {};
  let fail = (_: unknown): void => {};
  const failure = new Promise<unknown>((resolve) => {
    fail = resolve;
  });
  const { port } = await start(async (request) => {
    try {
      for await (const _ of request.chunks()) disconnect();
      fail(new Error("the body ended"));
    } catch (error) {
      fail(error);
    }
    return { status: 204, headers: {} };
  });
  const client = httpRequest({ port, method: "POST", headers: { "content-length": "10" } }).on("error", () => {});
  disconnect = () => client.destroy();
  client.write("12345");
  expect(await failure).toMatchObject({ code: "cancelled" });
});

it("answers before a body has been read, and discards the rest", async () => {
  const { port } = await start(async (request) => {
    for await (const chunk of request.chunks()) return { status: 200, headers: {}, body: String(chunk.length) };
    return { status: 500, headers: {} };
  });
  const client = httpRequest({ port, method: "POST" });
  const status = new Promise((resolve, reject) => {
    client.on("error", reject).on("response", (response) => {
      response.resume();
      resolve(response.statusCode);
    });
  });
  client.write(Buffer.alloc(1000));
  expect(await status).toBe(200);
  client.end();
});
