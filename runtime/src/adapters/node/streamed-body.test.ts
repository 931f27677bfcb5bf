import { type ClientRequest, request as httpRequest } from "node:http";
import { afterEach, expect, it } from "vitest";
import type { HttpHandler } from "../../http/index.js";
import type { ServeOptions } from "./options/index.js";
import { type RunningServer, serve } from "./serve.js";

const running: RunningServer[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.stop()));
});

async function start(handle: HttpHandler, options: ServeOptions = {}): Promise<RunningServer> {
  const app = { handle, start: async () => {}, stop: async () => {} };
  const server = await serve(app, { drainTimeout: 0, ...options });
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

it("may take any time to arrive as a stream, but none that nobody reads", async () => {
  const { port } = await start(
    async (request) => {
      let body = "";
      if (request.path === "/read") for await (const chunk of request.chunks()) body += Buffer.from(chunk).toString();
      else await new Promise((resolve) => request.signal.addEventListener("abort", resolve));
      return { status: 200, headers: {}, body };
    },
    { requestTimeout: 50 },
  );
  const post = (path: string): { readonly client: ClientRequest; readonly answer: Promise<string> } => {
    const client = httpRequest({ port, path, method: "POST" });
    const answer = new Promise<string>((resolve, reject) => {
      client.on("error", reject).on("response", async (response) => {
        let text = "";
        for await (const chunk of response) text += chunk;
        resolve(`${response.statusCode} ${text}`);
      });
    });
    client.write("begun");
    return { client, answer };
  };
  const read = post("/read");
  const unread = await post("/unread").answer;
  expect(unread).toMatch(/^408 /);
  // Begun before the other one, which was refused for taking too long.
  read.client.end("|ended");
  expect(await read.answer).toBe("200 begun|ended");
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
