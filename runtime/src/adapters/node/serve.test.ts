import { Agent, request as httpRequest } from "node:http";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, describe, expect, it, vi } from "vitest";
import { firstOf, type HttpHandler, type HttpRequest } from "../../http/index.js";
import { OrderSchema } from "../../message/fixture.test.proto.js";
import { es } from "../../message/index.js";
import { rest } from "../../transport/rest/index.js";
import type { ServeOptions } from "./options/index.js";
import { type RunningServer, serve } from "./serve.js";

const running: RunningServer[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.stop()));
});

async function start(handle: HttpHandler, options?: ServeOptions) {
  const app = { handle, start: vi.fn(async () => {}), stop: vi.fn(async () => {}) };
  const server = await serve(app, { drainTimeout: 0, ...options });
  running.push(server);
  return { server, app };
}

const order = es(OrderSchema);
const method = {
  service: "test.v1.Orders",
  name: "Place",
  kind: "command",
  stream: "unary",
  request: order,
  response: order,
  errors: {},
  http: [{ method: "POST", path: "/orders", segments: ["orders"], body: "*" }],
} as const;
const orders = () =>
  firstOf([
    rest({ maxBodySize: 1000 }).mount({
      methods: [{ method, invoke: async (response) => ({ response }) }],
      logger: { debug() {}, info() {}, warn() {}, error() {} },
      dispatch: () => Promise.reject(new Error("REST calls methods as they are bound")),
    }),
  ]);

/** Sends raw bytes and returns all received bytes until the server closes. */
function raw(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = "";
    const socket = connect(port, "127.0.0.1", () => socket.write(text));
    socket.on("data", (chunk) => {
      answer += chunk;
    });
    socket.on("close", () => resolve(answer));
    socket.on("error", reject);
  });
}

const post = (url: string, body: string, headers = {}) =>
  fetch(`${url}/orders`, { method: "POST", body, headers: { "content-type": "application/json", ...headers } });

describe("serve", () => {
  it("sends the length of the body, in bytes", async () => {
    const { server, app } = await start(orders());
    expect(app.start).toHaveBeenCalledOnce();
    const answer = await post(server.url, '{"orderId":"é"}');
    expect([answer.status, answer.headers.get("content-length"), await answer.text()]).toEqual([
      200,
      "16",
      '{"orderId":"é"}',
    ]);
  });

  it("keeps connections", async () => {
    const { server } = await start(orders());
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const sockets = new Set<unknown>();
    for (let i = 0; i < 3; i++) {
      await new Promise<void>((resolve, reject) => {
        const outgoing = httpRequest(`${server.url}/orders`, { agent, method: "POST" }, (answer) =>
          answer.resume().on("end", resolve),
        );
        outgoing.on("socket", (socket) => sockets.add(socket)).on("error", reject);
        outgoing.end("{}");
      });
    }
    agent.destroy();
    expect(sockets.size).toBe(1);
  });

  it.each([
    ["malformed JSON", "POST", "/orders", "{", 400],
    ["a wrong type", "POST", "/orders", '{"orderId":1}', 400],
    ["an unknown field", "POST", "/orders", '{"nope":1}', 400],
    ["an unknown route", "POST", "/nope", "{}", 404],
    ["an unknown method", "DELETE", "/orders", "{}", 405],
    ["an oversized body", "POST", "/orders", JSON.stringify({ orderId: "x".repeat(2000) }), 413],
  ])("answers %s with a problem, and keeps running", async (_, verb, path, body, status) => {
    const { server } = await start(orders());
    const answer = await fetch(server.url + path, {
      method: verb,
      body,
      headers: { "content-type": "application/json" },
    });
    expect(answer.status).toBe(status);
    expect(answer.headers.get("content-type")).toBe("application/problem+json");
    expect(await answer.json()).toMatchObject({ status, instance: path });
    expect((await post(server.url, "{}")).status).toBe(200);
  });

  it("does not read an oversized body to its end, with or without its length", async () => {
    const { server } = await start(orders());
    const head = "POST /orders HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n";
    const received = await raw(server.port, `${head}content-length: 100000000\r\n\r\n{`);
    expect(received).toMatch(/^HTTP\/1.1 413 /);
    const chunk = `${(500).toString(16)}\r\n${"x".repeat(500)}\r\n`;
    const untold = await raw(server.port, `${head}transfer-encoding: chunked\r\n\r\n${chunk.repeat(3)}`);
    expect(untold).toMatch(/^HTTP\/1.1 413 .*"status":413/s);
  });

  it("lets a client that is still sending read the 413", async () => {
    const { server } = await start(orders());
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const outgoing = httpRequest(`${server.url}/orders`, { method: "POST" }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      });
      outgoing.on("error", reject);
      for (let i = 0; i < 30; i++) outgoing.write(Buffer.alloc(100_000));
      outgoing.end();
    });
    expect(status).toBe(413);
  });

  it("closes the connection of a body that is too large, whatever the handler answers", async () => {
    const { server } = await start(async (request) => {
      const isTooLarge = await request.bytes(1000).then(
        () => false,
        () => true,
      );
      return { status: isTooLarge ? 429 : 200, headers: {} };
    });
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const send = (size: number) =>
      new Promise<number | undefined>((resolve, reject) => {
        const outgoing = httpRequest(server.url, { agent, method: "POST" }, (answer) => {
          answer.on("end", () => resolve(answer.statusCode)).resume();
        });
        outgoing.on("error", reject).end(Buffer.alloc(size));
      });
    expect(await send(3_000_000)).toBe(429);
    expect(await send(10)).toBe(200);
    agent.destroy();
  });

  it("answers invalid HTTP, and heads that are too large", async () => {
    const { server } = await start(orders());
    expect(await raw(server.port, "nonsense\r\n\r\n")).toMatch(/^HTTP\/1.1 400 .*problem\+json/s);
    expect(await raw(server.port, `GET / HTTP/1.1\r\nx: ${"x".repeat(20_000)}\r\n\r\n`)).toMatch(/^HTTP\/1.1 431 /);
    expect((await post(server.url, "{}")).status).toBe(200);
  });

  it("does not wait forever for a slow body", async () => {
    const { server } = await start(orders(), { requestTimeout: 100 });
    const answer = await raw(server.port, "POST /orders HTTP/1.1\r\nhost: x\r\ncontent-length: 50\r\n\r\n{");
    expect(answer).toMatch(/^HTTP\/1.1 408 .*problem\+json/s);
  });

  it("aborts the signal of the handler when the client disconnects, also within the body", async () => {
    const seen: string[] = [];
    const { server } = await start(async (request) => {
      if (request.method === "POST") await request.text(100).catch((error: Error) => seen.push(error.message));
      else await new Promise<void>((resolve) => request.signal.addEventListener("abort", () => resolve()));
      seen.push(`${request.method} ${request.signal.aborted}`);
      return { status: 200, headers: {} };
    });
    for (const text of [
      "GET / HTTP/1.1\r\nhost: x\r\n\r\n",
      "POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 50\r\n\r\n{",
    ]) {
      const socket = connect(server.port, "127.0.0.1", () => socket.write(text));
      await sleep(50);
      socket.destroy();
    }
    await vi.waitFor(() => expect(seen).toHaveLength(3));
    expect(seen).toEqual(["GET true", "the client disconnected before its request was complete", "POST true"]);
  });

  it("returns 500 without the message of the error, and logs it", async () => {
    const error = vi.fn();
    const logger = { debug() {}, info() {}, warn() {}, error };
    const thrown = new Error("secret");
    const { server } = await start(
      (request) => {
        if (request.path === "/sync") throw thrown;
        return Promise.reject(thrown);
      },
      { logger },
    );
    for (const path of ["/sync", "/async"]) {
      const answer = await fetch(server.url + path);
      expect([answer.status, await answer.text()]).toEqual([500, expect.not.stringContaining("secret")]);
      expect(error).toHaveBeenLastCalledWith("request failed", {
        path,
        error: thrown,
        correlationId: answer.headers.get("x-correlation-id"),
      });
    }
  });

  it("reads path and query as they were sent, also of whole URLs", async () => {
    const seen: string[] = [];
    const { server } = await start((request: HttpRequest) => {
      seen.push(`${request.path} ${request.query}`);
      return { status: 204, headers: { connection: "close" } };
    });
    await raw(server.port, "GET /a%2Fb?c=%20d?e HTTP/1.1\r\nhost: x\r\n\r\n");
    await raw(server.port, "GET http://x:1/a?b HTTP/1.1\r\nhost: x\r\n\r\n");
    await raw(server.port, "GET http://x?b HTTP/1.1\r\nhost: x\r\n\r\n");
    expect(seen).toEqual(["/a%2Fb c=%20d?e", "/a b", "/ b"]);
  });

  it("streams no faster than the client reads, and returns the stream when the client disconnects", async () => {
    let chunks = 0;
    let returned = false;
    async function* body() {
      try {
        for (;;) {
          chunks++;
          yield "x".repeat(100_000);
        }
      } finally {
        returned = true;
      }
    }
    const { server } = await start(() => ({ status: 200, headers: {}, body: body() }));
    const socket = connect(server.port, "127.0.0.1", () => socket.write("GET / HTTP/1.1\r\nhost: x\r\n\r\n"));
    socket.pause();
    await vi.waitFor(() => expect(chunks).toBeGreaterThan(0));
    await sleep(100);
    const before = chunks;
    await sleep(50);
    expect(chunks).toBe(before);
    expect(chunks).toBeLessThan(500);
    socket.destroy();
    await vi.waitFor(() => expect(returned).toBe(true));
  });

  it("disconnects a client that leaves a stream unread for longer than its response allows", async () => {
    let returned = false;
    const written: string[] = [];
    async function* body() {
      try {
        for (;;) {
          written.push("x");
          yield "x".repeat(100_000);
        }
      } finally {
        returned = true;
      }
    }
    const { server } = await start(() => ({ status: 200, headers: {}, body: body(), writeTimeout: 50 }));
    const socket = connect(server.port, "127.0.0.1", () => socket.write("GET / HTTP/1.1\r\nhost: x\r\n\r\n"));
    const closed = new Promise((resolve) => socket.on("close", resolve).on("error", () => {}));
    socket.pause();
    await vi.waitFor(() => expect(returned).toBe(true));
    // The client can still read what was in transit.
    socket.resume();
    await closed;
    expect(written.length).toBeLessThan(500);
  });

  it("aborts the response when its stream fails", async () => {
    async function* body() {
      yield "begun";
      throw new Error("broken");
    }
    const { server } = await start(() => ({ status: 200, headers: {}, body: body() }));
    await expect(fetch(server.url).then((answer) => answer.text())).rejects.toThrow();
  });

  it("rejects if the port is in use, and stops the app", async () => {
    const { server } = await start(orders());
    const app = { handle: orders(), start: async () => {}, stop: vi.fn(async () => {}) };
    await expect(serve(app, { port: server.port })).rejects.toMatchObject({
      code: "unavailable",
      message: `cannot listen on 127.0.0.1:${server.port}, since another process does: end it, or choose another port`,
      cause: { code: "EADDRINUSE" },
    });
    expect(app.stop).toHaveBeenCalledOnce();
  });

  it("rejects a host that is not of this machine, and what is no port, with a remedy", async () => {
    const app = { handle: orders(), start: vi.fn(async () => {}), stop: async () => {} };
    await expect(serve(app, { host: "192.0.2.1" })).rejects.toThrow(
      "cannot listen on 192.0.2.1:0, since this machine has no such address: choose another host, such as 127.0.0.1 or 0.0.0.0",
    );
    app.start.mockClear();
    for (const port of [Number.NaN, -1, 65_536, 1.5]) {
      await expect(serve(app, { port })).rejects.toThrow(
        `serve has port ${port}: expected a port, from 0, which is any free one, to 65535`,
      );
    }
    expect(app.start).not.toHaveBeenCalled();
  });
});

describe("stop", () => {
  it("waits for running requests, accepts no others, closes idle connections, then stops the app", async () => {
    let finish = () => {};
    const { server, app } = await start(async () => {
      await new Promise<void>((resolve) => {
        finish = resolve;
      });
      return { status: 200, headers: {}, body: "done" };
    });
    const idle = connect(server.port, "127.0.0.1");
    const idleClosed = new Promise((resolve) => idle.on("close", resolve));
    const answer = fetch(server.url);
    await sleep(50);
    const stopped = server.stop();
    await idleClosed;
    await expect(fetch(server.url)).rejects.toThrow();
    expect(app.stop).not.toHaveBeenCalled();
    finish();
    const response = await answer;
    expect([response.headers.get("connection"), await response.text()]).toEqual(["close", "done"]);
    await stopped;
    expect(app.stop).toHaveBeenCalledOnce();
    expect(server.stop()).toBe(server.stop());
  });

  it("ends streams by their signal", async () => {
    const { server } = await start(
      (request) => ({
        status: 200,
        headers: {},
        body: (async function* () {
          yield "begun ";
          await new Promise<void>((resolve) => request.signal.addEventListener("abort", () => resolve()));
          yield "ended";
        })(),
        // No response is truncated.
      }),
      { stopTimeout: 2 ** 30 },
    );
    const answer = await fetch(server.url);
    const text = answer.text();
    await sleep(20);
    await server.stop();
    expect(await text).toBe("begun ended");
  });

  it("aborts requests that run beyond the deadline", async () => {
    const { server, app } = await start(() => new Promise(() => {}), { stopTimeout: 50 });
    const answer = fetch(server.url);
    const rejected = expect(answer).rejects.toThrow();
    await sleep(30);
    await server.stop();
    await rejected;
    expect(app.stop).toHaveBeenCalledOnce();
  });

  it("runs on a signal of the process", async () => {
    const { app } = await start(orders(), { signals: ["SIGUSR2"] });
    process.kill(process.pid, "SIGUSR2");
    await vi.waitFor(() => expect(app.stop).toHaveBeenCalledOnce());
  });
});
