import { connect, constants, type IncomingHttpHeaders, type OutgoingHttpHeaders } from "node:http2";
import { connect as connectTcp } from "node:net";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { HttpHandler, HttpRequest, HttpResponse } from "../../../http/index.js";
import type { ServeOptions } from "../options/index.js";
import { type RunningServer, serve } from "../serve.js";
import { frame, frames, RawClient, request, reset } from "./raw-client.fixture.js";

const running: RunningServer[] = [];
const closers: (() => void)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) close();
  await Promise.all(running.splice(0).map((server) => server.stop()));
});

async function start(handle: HttpHandler, options: ServeOptions = {}) {
  const server = await serve({ handle, start: async () => {}, stop: async () => {} }, { drainTimeout: 0, ...options });
  running.push(server);
  const session = connect(server.url);
  session.on("error", () => {});
  closers.push(() => session.destroy());
  return { server, session, call: createCaller(session) };
}

interface Answer {
  readonly headers: IncomingHttpHeaders | undefined;
  readonly trailers: IncomingHttpHeaders | undefined;
  readonly body: string;
  readonly rstCode: number | undefined;
}

/** Sends requests on one session. A body that is `null` is large, and never ends. */
function createCaller(session: ReturnType<typeof connect>) {
  return (headers: OutgoingHttpHeaders, body: string | null = "") =>
    new Promise<Answer>((resolve) => {
      const stream = session.request(headers, { endStream: body === "" });
      const answer = { headers: undefined, trailers: undefined, body: "" } as {
        -readonly [Key in keyof Answer]: Answer[Key];
      };
      stream.on("response", (received) => {
        answer.headers = received;
      });
      stream.on("trailers", (received) => {
        answer.trailers = received;
      });
      stream.on("data", (chunk) => {
        answer.body += chunk;
      });
      stream.on("error", () => {});
      stream.on("close", () => resolve({ ...answer, rstCode: stream.rstCode }));
      if (body === null) stream.write(Buffer.alloc(1_000_000));
      else if (body !== "") stream.end(body);
    });
}

const echo: HttpHandler = async (request) => ({
  status: 200,
  headers: { "content-type": "text/plain" },
  body: await request.bytes(100_000),
});

function failing(): never {
  throw new Error("broken");
}

async function* failingStream(): AsyncGenerator<string> {
  yield "begun";
  failing();
}

describe("HTTP/2", () => {
  it("is served beside HTTP/1.1 on one port", async () => {
    const { server, call } = await start(echo);
    const answer = await call({ ":method": "POST", ":path": "/" }, "two");
    expect([answer.headers?.[":status"], answer.body, answer.headers?.["content-length"]]).toEqual([200, "two", "3"]);
    const other = await fetch(server.url, { method: "POST", body: "one" });
    expect(await other.text()).toBe("one");
  });

  it("is recognized whatever parts its preface arrives in", async () => {
    const { server } = await start(echo);
    const socket = connectTcp(server.port, "127.0.0.1");
    closers.push(() => socket.destroy());
    const received: Buffer[] = [];
    socket.setNoDelay().on("data", (chunk) => received.push(chunk));
    for (const character of "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n") {
      socket.write(character);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    socket.write(Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]));
    // SETTINGS, and the acknowledgement of ours.
    await vi.waitFor(() =>
      expect(Buffer.concat(received).includes(Buffer.from([0, 0, 0, 4, 1, 0, 0, 0, 0]))).toBe(true),
    );
    expect(Buffer.concat(received)[3]).toBe(4);
  });

  it("can be switched off", async () => {
    const { session } = await start(echo, { http2: false });
    await new Promise((resolve) => session.on("close", resolve));
    expect(session.destroyed).toBe(true);
  });

  it("is not subject to the timeouts of HTTP/1.1", async () => {
    const { session, call } = await start(echo, { requestTimeout: 50, keepAliveTimeout: 50 });
    expect((await call({ ":method": "POST", ":path": "/" }, "first")).body).toBe("first");
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect((await call({ ":method": "POST", ":path": "/" }, "second")).body).toBe("second");
    expect(session.closed).toBe(false);
  });

  it("counts its connections and streams with those of HTTP/1.1", async () => {
    const { server, call } = await start(
      (request): HttpResponse => ({
        status: 200,
        headers: {},
        body: (async function* () {
          yield "begun";
          await new Promise((resolve) => request.signal.addEventListener("abort", resolve));
        })(),
      }),
      { maxConnections: 2, maxStreams: 1 },
    );
    const first = await fetch(server.url);
    expect((await call({ ":path": "/" })).headers?.[":status"]).toBe(503);
    expect((await fetch(server.url)).status).toBe(503);
    await first.body?.cancel();
  });

  it.each([
    ["trailers that cannot be made", () => ({ trailers: () => failing() })],
    ["trailers with a character that none can have", () => ({ trailers: () => ({ "grpc-message": "a\0b" }) })],
    ["a header with such a character", () => ({ headers: { "x-a": "a\nb" } })],
    ["a stream that fails", () => ({ body: failingStream() })],
  ])("resets a stream with %s, and answers the next", async (_, respond) => {
    const error = vi.fn();
    const logger = { debug() {}, info() {}, warn() {}, error };
    const handle: HttpHandler = (request) =>
      request.path === "/"
        ? { status: 200, headers: {}, body: "fine" }
        : { status: 200, headers: {}, body: "b", ...respond() };
    const { call } = await start(handle, { logger });
    expect((await call({ ":path": "/broken" })).rstCode).toBe(constants.NGHTTP2_INTERNAL_ERROR);
    const details = expect.objectContaining({ path: "/broken", error: expect.any(Error) });
    expect(error).toHaveBeenCalledWith("response aborted mid-stream", details);
    expect((await call({ ":path": "/" })).body).toBe("fine");
  });

  it("refuses WebSockets with 501", async () => {
    const acceptance = { protocol: "p", maxMessageSize: 1, open: () => failing() };
    const { call } = await start(() => ({ status: 101, headers: {}, webSocket: acceptance }));
    expect((await call({ ":path": "/" })).headers?.[":status"]).toBe(501);
  });

  it("presents requests as HTTP/1.1 does", async () => {
    const seen: unknown[] = [];
    const { server, call } = await start((request: HttpRequest) => {
      const { method, path, query } = request;
      const headers = [...request.headers()];
      seen.push({ method, path, query, headers, host: request.header("host"), many: request.header("x-many") });
      return { status: 204, headers: {} };
    });
    await call({ ":path": "/a%2Fb?c=1", cookie: ["a=1", "b=2"], "x-many": ["1", "2"] });
    const host = `127.0.0.1:${server.port}`;
    const headers = [
      ["host", host],
      ["cookie", "a=1; b=2"],
      ["x-many", "1"],
      ["x-many", "2"],
    ];
    expect(seen).toEqual([{ method: "GET", path: "/a%2Fb", query: "c=1", headers, host, many: "1, 2" }]);
  });

  it("sends trailers after the body, with several values", async () => {
    const sent: string[] = [];
    const { call } = await start((request) => ({
      status: 200,
      headers: { "content-type": "application/grpc" },
      body:
        request.path === "/whole"
          ? Buffer.from("whole")
          : (async function* () {
              for await (const chunk of request.chunks()) yield chunk;
              sent.push("body");
            })(),
      trailers: () => {
        sent.push("trailers");
        return { "grpc-status": "0", "x-many": ["1", "2"] };
      },
    }));
    const streamed = await call({ ":method": "POST", ":path": "/streamed" }, "chunks");
    expect(sent).toEqual(["body", "trailers"]);
    const whole = await call({ ":method": "POST", ":path": "/whole" }, "unread");
    for (const [answer, body] of [
      [streamed, "chunks"],
      [whole, "whole"],
    ] as const) {
      expect([answer.body, answer.trailers?.["grpc-status"], answer.trailers?.["x-many"], answer.rstCode]).toEqual([
        body,
        "0",
        "1, 2",
        0,
      ]);
      expect(answer.headers?.["content-length"]).toBeUndefined();
    }
  });

  it("ends a response without a body with its headers", async () => {
    const { session } = await start(() => ({ status: 200, headers: { "grpc-status": "5" } }));
    const stream = session.request({ ":path": "/" });
    const flags = await new Promise<number>((resolve) => stream.on("response", (_, received) => resolve(received)));
    expect(flags & constants.NGHTTP2_FLAG_END_STREAM).toBe(constants.NGHTTP2_FLAG_END_STREAM);
  });

  it.each([false, true])(
    "lets a client that still sends read an early response, and stops it, trailers: %s",
    async (has) => {
      const { call } = await start(
        (): HttpResponse => ({
          status: 200,
          headers: {},
          body: "early",
          ...(has && { trailers: () => ({ "grpc-status": "8" }) }),
        }),
      );
      const answer = await call({ ":method": "POST", ":path": "/" }, null);
      expect([answer.headers?.[":status"], answer.body, answer.rstCode]).toEqual([200, "early", 0]);
      expect(answer.trailers?.["grpc-status"]).toBe(has ? "8" : undefined);
    },
  );

  it("keeps the connection after a body that is too large", async () => {
    const { session, call } = await start(async (request) => {
      try {
        return await echo(request);
      } catch (error) {
        return { status: 413, headers: (error as { headers: Record<string, string> }).headers, body: "too large" };
      }
    });
    const refused = await call({ ":method": "POST", ":path": "/" }, null);
    expect([refused.headers?.[":status"], refused.headers?.["connection"], refused.rstCode]).toEqual([
      413,
      undefined,
      0,
    ]);
    expect((await call({ ":method": "POST", ":path": "/" }, "small")).body).toBe("small");
    expect(session.closed).toBe(false);
  });

  it("answers HEAD without a body", async () => {
    const { call } = await start(() => ({ status: 200, headers: {}, body: "body" }));
    const answer = await call({ ":method": "HEAD", ":path": "/" });
    expect([answer.headers?.["content-length"], answer.body]).toEqual(["4", ""]);
  });

  it.each(["reset", "disconnect"] as const)("aborts the signal and the body after a %s", async (end) => {
    const seen: unknown[] = [];
    let begun = 0;
    const { server } = await start(async (request) => {
      begun++;
      if (request.path === "/whole") await request.bytes(100).catch((error: { code: string }) => seen.push(error.code));
      else {
        const read = async (): Promise<void> => {
          for await (const chunk of request.chunks()) seen.push(String(chunk));
        };
        await read().catch((error: { code: string }) => seen.push(error.code));
      }
      seen.push(request.signal.aborted);
      return { status: 204, headers: {} };
    });
    const client = new RawClient(server.port);
    closers.push(() => client.socket.destroy());
    const data = Buffer.from("begun");
    client.send(request(1, "POST", "/whole", true), frame(frames.data, 0, 1, data));
    await vi.waitFor(() => expect(begun).toBe(1));
    if (end === "reset") client.send(reset(1));
    else client.socket.destroy();
    await vi.waitFor(() => expect(seen).toEqual(["cancelled", true]));
    const other = end === "reset" ? client : new RawClient(server.port);
    closers.push(() => other.socket.destroy());
    other.send(request(3, "POST", "/chunks", true), frame(frames.data, 0, 3, data));
    await vi.waitFor(() => expect(seen).toEqual(["cancelled", true, "begun"]));
    if (end === "reset") client.send(reset(3));
    else other.socket.destroy();
    await vi.waitFor(() => expect(seen).toEqual(["cancelled", true, "begun", "cancelled", true]));
  });

  it("aborts the signal after a reset while a begun response has nothing to send", async () => {
    const seen: AbortSignal[] = [];
    const { session } = await start((request) => {
      seen.push(request.signal);
      async function* body() {
        await new Promise((resolve) => request.signal.addEventListener("abort", resolve));
        yield "";
      }
      return { status: 200, headers: {}, body: body() };
    });
    const stream = session.request({ ":path": "/" });
    stream.on("error", () => {});
    await new Promise((resolve) => stream.once("response", resolve));
    expect(seen.map(({ aborted }) => aborted)).toEqual([false]);
    stream.close(constants.NGHTTP2_CANCEL);
    await vi.waitFor(() => expect(seen.map(({ aborted }) => aborted)).toEqual([true]));
  });

  it("announces the end of its connections on stop, and finishes what runs", async () => {
    let finish = () => {};
    const { server, session, call } = await start(async () => {
      await new Promise<void>((resolve) => {
        finish = resolve;
      });
      return { status: 200, headers: {}, body: "done" };
    });
    const goaway = vi.fn();
    session.on("goaway", goaway);
    const answer = call({ ":path": "/" });
    await new Promise((resolve) => setTimeout(resolve, 50));
    const stopped = server.stop();
    await vi.waitFor(() => expect(goaway).toHaveBeenCalledWith(0, expect.any(Number), undefined));
    finish();
    expect((await answer).body).toBe("done");
    await stopped;
  });

  it("lets a request go on after its connection was to end, as long as its client is there", async () => {
    let finish = () => {};
    const options = { maxRequestsPerConnection: 1, http2: { pingInterval: 50, pingTimeout: 50 } };
    const { session, call } = await start(async () => {
      await new Promise<void>((resolve) => {
        finish = resolve;
      });
      return { status: 200, headers: {}, body: "done" };
    }, options);
    const answer = call({ ":path": "/" });
    await new Promise((resolve) => session.once("goaway", resolve));
    await new Promise((resolve) => setTimeout(resolve, 500));
    finish();
    expect((await answer).body).toBe("done");
  });

  it("says on stop which request was the last, and answers no later one", async () => {
    let finish = () => {};
    const { server, session } = await start(async () => {
      await new Promise<void>((resolve) => {
        finish = resolve;
      });
      return { status: 204, headers: {} };
    });
    session.destroy();
    const client = new RawClient(server.port);
    closers.push(() => client.socket.destroy());
    client.send(request(1));
    await new Promise((resolve) => setTimeout(resolve, 50));
    const stopped = server.stop();
    await vi.waitFor(() => expect(client.of(frames.goaway)[0]?.payload.readUInt32BE(0)).toBe(1));
    client.send(request(3));
    finish();
    await stopped;
    await vi.waitFor(() => expect(client.closed).toBe(true));
    expect([client.of(frames.headers, 1).length, client.of(frames.headers, 3).length]).toEqual([1, 0]);
    expect(client.of(frames.goaway).at(-1)?.payload.readUInt32BE(0)).toBe(1);
  });
});
