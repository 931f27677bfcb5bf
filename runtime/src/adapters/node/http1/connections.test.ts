import { readdirSync } from "node:fs";
import { Agent, request as httpRequest } from "node:http";
import { connect, type Socket } from "node:net";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { HttpHandler, HttpRequest } from "../../../http/index.js";
import { ws } from "../../ws/index.js";
import type { ServeOptions } from "../options/index.js";
import { type RunningServer, serve } from "../serve.js";

const running: RunningServer[] = [];
const clients: Socket[] = [];
afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy();
  await Promise.all(running.splice(0).map((server) => server.stop()));
});

const patient = { interval: 10 };

async function start(handle: HttpHandler, options: ServeOptions = {}) {
  const info = vi.fn();
  const logger = { debug() {}, info, warn() {}, error() {} };
  const app = { handle, start: async () => {}, stop: async () => {} };
  const server = await serve(app, { drainTimeout: 0, logger, ...options });
  running.push(server);
  return { server, info };
}

/** A client that sends a text, keeps its own side open whatever the server does, and records what it has read. */
function open(port: number, text: string) {
  const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true }, () => socket.write(text));
  const client = { socket, read: "", closed: false };
  socket.on("data", (chunk) => {
    client.read += chunk;
  });
  socket.on("end", () => {
    client.closed = true;
  });
  socket.on("error", () => {});
  clients.push(socket);
  return client;
}

/** Number of open file descriptors of this process. */
function descriptors(): number {
  return readdirSync("/dev/fd").length;
}

const done: HttpHandler = () => ({ status: 200, headers: {}, body: "done" });
const get = "GET / HTTP/1.1\r\nhost: x\r\n\r\n";

describe("a connection that is refused", () => {
  const handshake = "GET / HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n";
  it.each([
    ["408 of a silent client", "", /^HTTP\/1.1 408 /, { requestTimeout: 50 }],
    ["408 of half a head", "GET / HTTP/1.1\r\n", /^HTTP\/1.1 408 /, { requestTimeout: 50 }],
    [
      "408 of half a body",
      "POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\n{",
      /^HTTP\/1.1 408 /,
      { requestTimeout: 50 },
    ],
    ["400", "nonsense\r\n\r\n", /^HTTP\/1.1 400 /, {}],
    ["431", `GET / HTTP/1.1\r\nx: ${"x".repeat(20_000)}\r\n\r\n`, /^HTTP\/1.1 431 /, {}],
    ["413", "POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 9999\r\n\r\n{", /^HTTP\/1.1 413 /, {}],
    ["an upgrade", handshake, /^HTTP\/1.1 403 /, { webSockets: ws() }],
    ["417", "GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\nexpect: 200-ok\r\n\r\n", /^HTTP\/1.1 417 /, {}],
    ["one too many", get, /^HTTP\/1.1 503 .*retry-after: 1.*limit of 1 connections/s, { maxConnections: 1 }],
  ])("is released after %s, though its client never closes", async (_, text, answer, options) => {
    const { server } = await start(
      async (request) => {
        if (request.header("upgrade") !== undefined) return { status: 403, headers: {}, body: "no" };
        await request.text(10);
        return { status: 200, headers: {} };
        // Nothing of a refused connection is pending.
      },
      { ...options, stopTimeout: 2 ** 30 },
    );
    if ("maxConnections" in options) {
      const first = open(server.port, get);
      await vi.waitFor(() => expect(first.read).toMatch(/^HTTP/), patient);
    }
    const before = descriptors();
    const refused = Array.from({ length: 20 }, () => open(server.port, text));
    await vi.waitFor(() => expect(refused.every(({ closed }) => closed)).toBe(true), patient);
    for (const { read } of refused) expect(read).toMatch(answer);
    // Each client keeps its own end open; the server's ends are gone. A few descriptors may be of something else.
    await vi.waitFor(() => expect(descriptors()).toBeLessThan(before + refused.length + 5), patient);
    await server.stop();
  });

  it("does not delay stop, nor does one that is silent or half sent", async () => {
    const { server } = await start(done, { stopTimeout: 2 ** 30 });
    const texts = ["", "GET / HTTP/1.1\r\nhost", get, "nonsense\r\n\r\n"];
    const opened = texts.map((text) => open(server.port, text));
    await vi.waitFor(
      () => expect(opened.map(({ read }) => read.slice(0, 12)).slice(2)).toEqual(["HTTP/1.1 200", "HTTP/1.1 400"]),
      patient,
    );
    await server.stop();
    await vi.waitFor(() => expect(opened.every(({ closed }) => closed)).toBe(true), patient);
  });

  it("interrupts no response, and replaces none of an earlier request", async () => {
    const { server } = await start(
      (request) => {
        if (request.path === "/slow") return new Promise<never>(() => {});
        return {
          status: 200,
          headers: {},
          body: (async function* () {
            yield "begun";
            await new Promise<void>((resolve) => request.signal.addEventListener("abort", () => resolve()));
          })(),
        };
      },
      { requestTimeout: 200 },
    );
    const streamed = open(server.port, "POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\n{");
    const piped = open(server.port, "GET /slow HTTP/1.1\r\nhost: x\r\n\r\nnonsense\r\n\r\n");
    await vi.waitFor(
      () =>
        expect([streamed.socket.destroyed || streamed.closed, piped.socket.destroyed || piped.closed]).toEqual([
          true,
          true,
        ]),
      patient,
    );
    expect(streamed.read.match(/HTTP\/1.1/g)).toEqual(["HTTP/1.1"]);
    expect(piped.read).toBe("");
  });

  it("is not executed if its rest arrives after the 408", async () => {
    const seen: string[] = [];
    const { server } = await start(
      async (request: HttpRequest) => {
        seen.push(await request.text(100).catch((error: Error) => error.message));
        return { status: 200, headers: {} };
      },
      { requestTimeout: 50 },
    );
    const late = open(server.port, "POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\n{");
    await vi.waitFor(() => expect(late.read).toMatch(/408/), patient);
    late.socket.write("12345678");
    await vi.waitFor(() => expect(seen).toHaveLength(1), patient);
    expect(seen).toEqual(["the client disconnected before its request was complete"]);
  });
});

describe("limits", () => {
  it("closes a connection after the configured number of requests, and announces it with the last response", async () => {
    const { server } = await start(done, { maxRequestsPerConnection: 3 });
    const client = open(server.port, get);
    for (let count = 1; count <= 3; count++) {
      await vi.waitFor(() => expect(client.read.match(/done/g)).toHaveLength(count), patient);
      expect(/connection: close/i.test(client.read)).toBe(count === 3);
      if (count < 3) client.socket.write(get);
    }
    await vi.waitFor(() => expect(client.closed).toBe(true), patient);
  });

  it("answers pipelined requests, also those after the last", async () => {
    const { server } = await start(done, { maxRequestsPerConnection: 2 });
    const client = open(server.port, get.repeat(2));
    await vi.waitFor(() => expect(client.closed).toBe(true), patient);
    expect(client.read.match(/done/g)).toHaveLength(2);
  });

  it("sends streams up to its limit, and another when one has ended", async () => {
    let returned = 0;
    const { server } = await start(
      ({ signal }) => ({
        status: 200,
        headers: {},
        body: {
          async *[Symbol.asyncIterator]() {
            try {
              yield "begun";
              await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
            } finally {
              returned++;
            }
          },
        },
      }),
      { maxStreams: 2 },
    );
    const first = open(server.port, get);
    const second = open(server.port, get);
    await vi.waitFor(() => expect(first.read + second.read).toMatch(/begun.*begun/s), patient);
    const third = open(server.port, get);
    await vi.waitFor(() => expect(third.read).toMatch(/^HTTP\/1.1 503 .*retry-after: 1.*limit of 2 streams/s), patient);
    first.socket.destroy();
    await vi.waitFor(() => expect(returned).toBe(1), patient);
    const fourth = open(server.port, get);
    await vi.waitFor(() => expect(fourth.read).toMatch(/begun/), patient);
  });

  it.each([{ writeTimeout: 0 }, { maxConnections: 1.5 }, { drainTimeout: -1 }, { bufferSize: Number.NaN }])(
    "refuses %o",
    async (options) => {
      await expect(start(done, options)).rejects.toThrow(/^serve has \w+ \S+: expected /);
    },
  );
});

describe("a client that does not read", () => {
  const large = "x".repeat(8 * 1024 * 1024);

  it.each([
    ["text", large],
    ["bytes", Buffer.from(large)],
  ])("is disconnected while it reads a %s", async (_, body) => {
    const { server, info } = await start(() => ({ status: 200, headers: {}, body }), { writeTimeout: 100 });
    const client = connect(server.port, "127.0.0.1", () => client.write(get));
    client.on("error", () => {}).pause();
    clients.push(client);
    await vi.waitFor(
      () => expect(info).toHaveBeenCalledWith("disconnected a slow client: it read nothing for 100 ms"),
      patient,
    );
  });

  it("is disconnected while it pipelines requests with short responses", async () => {
    const { server, info } = await start(() => ({ status: 200, headers: {}, body: "x".repeat(60_000) }), {
      writeTimeout: 100,
    });
    const client = connect(server.port, "127.0.0.1", () => client.write(get.repeat(1_000)));
    client.on("error", () => {}).pause();
    clients.push(client);
    await vi.waitFor(
      () => expect(info).toHaveBeenCalledWith("disconnected a slow client: it read nothing for 100 ms"),
      patient,
    );
  });

  it("is disconnected early when unread responses take too much memory", async () => {
    const options = { writeTimeout: 2 ** 30, maxUnsentSize: 20 * 1024 * 1024 };
    const { server, info } = await start(() => ({ status: 200, headers: {}, body: large }), options);
    for (let count = 0; count < 5; count++) {
      const client = connect(server.port, "127.0.0.1", () => client.write(get));
      client.on("error", () => {}).pause();
      clients.push(client);
    }
    await vi.waitFor(() => expect(info.mock.calls.flat()).toHaveLength(3), patient);
    expect(new Set(info.mock.calls.flat())).toEqual(
      new Set(["disconnected a slow client: it reads nothing, and other responses need the memory"]),
    );
    const slow = await fetch(server.url);
    expect((await slow.text()).length).toBe(large.length);
  });

  it("is not one that reads a large response in parts", async () => {
    const { server, info } = await start(() => ({ status: 200, headers: {}, body: large }), { writeTimeout: 10_000 });
    const client = connect(server.port, "127.0.0.1", () => client.write(get));
    clients.push(client);
    let length = 0;
    for await (const chunk of client) {
      length += (chunk as Buffer).length;
      if (length > large.length) break;
    }
    expect(info).not.toHaveBeenCalled();
  });
});

describe("a request that offers another protocol", () => {
  const echo: HttpHandler = async (request) => ({
    status: 200,
    headers: { connection: "close" },
    body: `${request.method} ${request.header("upgrade") ?? "plain"} ${await request.text(100)}`,
  });
  const upgrade = "host: x\r\nconnection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\n";

  it.each([
    ["POST", "content-length: 5\r\n\r\nhello"],
    ["POST", "transfer-encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"],
    ["GET", "content-length: 5\r\n\r\nhello"],
    ["GET", "transfer-encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"],
  ])("keeps its body: %s with %j", async (method, body) => {
    const { server } = await start(echo, { webSockets: ws() });
    const client = open(server.port, `${method} / HTTP/1.1\r\n${upgrade}${body}`);
    await vi.waitFor(() => expect(client.closed).toBe(true), patient);
    expect(client.read).toMatch(new RegExp(`^HTTP/1.1 200 .*${method} plain hello$`, "s"));
  });
});

describe("stop under load", () => {
  it("loses no request of busy connections", async () => {
    let handled = 0;
    const { server } = await start(
      async () => {
        handled++;
        await new Promise((resolve) => setTimeout(resolve, 2));
        return { status: 200, headers: {}, body: "done" };
      },
      // Long, since the machine may be slow: a busy connection is never idle for that long.
      { drainTimeout: 10_000, stopTimeout: 60_000 },
    );
    const counts = { answered: 0, lost: 0, announced: 0 };
    /** Sends requests on one connection until a response announces that the connection closes. */
    const client = async (): Promise<void> => {
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      for (let isOpen = true; isOpen; ) {
        await new Promise<void>((resolve) => {
          const outgoing = httpRequest(server.url, { agent }, (answer) => {
            if (answer.headers.connection === "close") {
              counts.announced++;
              isOpen = false;
            }
            answer.resume().on("end", () => {
              counts.answered++;
              resolve();
            });
          });
          outgoing.on("error", () => {
            counts.lost++;
            isOpen = false;
            resolve();
          });
          outgoing.end();
        });
      }
      agent.destroy();
    };
    const all = Array.from({ length: 10 }, client);
    await vi.waitFor(() => expect(counts.answered).toBeGreaterThan(100), patient);
    await server.stop();
    await Promise.all(all);
    expect(counts).toEqual({ answered: handled, lost: 0, announced: 10 });
  });

  it("answers all pipelined requests", async () => {
    const answers: (() => void)[] = [];
    const { server } = await start(async (request) => {
      await new Promise<void>((resolve) => answers.push(resolve));
      return { status: 200, headers: {}, body: request.path };
    });
    const client = open(server.port, get.replace("/", "/first") + get.replace("/", "/second"));
    await vi.waitFor(() => expect(answers).toHaveLength(2), patient);
    const stopped = server.stop();
    for (const answer of answers) answer();
    await stopped;
    await vi.waitFor(() => expect(client.read).toMatch(/\/first.*connection: close.*\/second/is), patient);
    expect(client.read.match(/connection: close/gi)).toHaveLength(1);
  });

  it("takes a request on an open connection while it drains, and closes the connection after it", async () => {
    const { server } = await start(done, { drainTimeout: 10_000, stopTimeout: 60_000 });
    const client = open(server.port, get);
    await vi.waitFor(() => expect(client.read).toMatch(/done/), patient);
    const stopped = server.stop();
    client.socket.write(get);
    await stopped;
    expect(client.read.match(/done/g)).toHaveLength(2);
    expect(client.read).toMatch(/connection: close/i);
  });
});
