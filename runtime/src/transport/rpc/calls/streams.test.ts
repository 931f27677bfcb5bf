import { describe, expect, it, vi } from "vitest";
import { type AnyMethod, type CallOptions, withStreamItemId } from "../../../cqrs/index.js";
import { PotterError } from "../../../errors/index.js";
import type { HttpResponse } from "../../../http/index.js";
import {
  type Answer,
  app,
  envelope,
  envelopesOf,
  grpcRequest,
  idOf,
  join,
  order,
  readAnswer,
  TestRequest,
  toOrder,
} from "../rpc.fixture.js";

type Requests = AsyncIterable<{ readonly orderId: string }>;

const kind = (stream: AnyMethod["stream"]) => ({ stream }) as const;
const ids = (body: Uint8Array) => envelopesOf(body).map(({ data }) => idOf(data));

/** A source of chunks that a test pushes one by one. */
function pushed() {
  const chunks: Uint8Array[] = [];
  let wake = () => {};
  let ended = false;
  let returned = false;
  const body: AsyncIterableIterator<Uint8Array> = {
    [Symbol.asyncIterator]: () => body,
    async next() {
      while (chunks.length === 0 && !ended) await new Promise<void>((resolve) => (wake = resolve));
      const value = chunks.shift();
      return value === undefined ? { done: true, value } : { done: false, value };
    },
    async return() {
      returned = true;
      return { done: true, value: undefined };
    },
  };
  return {
    body,
    push(chunk: Uint8Array) {
      chunks.push(chunk);
      wake();
    },
    end() {
      ended = true;
      wake();
    },
    get returned() {
      return returned;
    },
  };
}

/** A neutral request whose chunks are those of a source, without a generator in between. */
class PushedRequest extends TestRequest {
  private readonly source: AsyncIterableIterator<Uint8Array>;

  constructor(source: AsyncIterableIterator<Uint8Array>, init: ConstructorParameters<typeof TestRequest>[0] = {}) {
    super({ ...init, headers: { "content-type": "application/grpc", ...init.headers } });
    this.source = source;
  }

  override chunks() {
    return this.source as never;
  }
}

describe("a response that is a stream", () => {
  it("is read no faster than its client reads it, and returned when that disconnects", async () => {
    let produced = 0;
    let returned = false;
    async function* items() {
      try {
        for (;;) yield toOrder(String(produced++));
      } finally {
        returned = true;
      }
    }
    const { routes } = app([{ method: kind("server"), invoke: async () => ({ response: items() }) }]);
    const { body } = (await routes(grpcRequest({ body: envelope("a") }))) as HttpResponse;
    const iterator = (body as AsyncIterable<Uint8Array>)[Symbol.asyncIterator]();
    for (let read = 1; read <= 3; read++) {
      await iterator.next();
      expect(produced).toBe(read);
    }
    await iterator.return?.();
    await vi.waitFor(() => expect(returned).toBe(true));
    expect(await iterator.next()).toEqual({ done: true, value: undefined });
  });

  it("sends its headers although there is no item yet", async () => {
    let go = () => {};
    async function* items() {
      await new Promise<void>((resolve) => (go = resolve));
      yield toOrder("a");
    }
    const { routes } = app([{ method: kind("server"), invoke: async () => ({ response: items() }) }]);
    const response = (await routes(grpcRequest({ body: envelope("a") }))) as HttpResponse;
    expect(response.status).toBe(200);
    go();
    expect(ids((await readAnswer(response)).body)).toEqual(["a"]);
  });

  it.each([
    ["gRPC", "application/grpc"],
    ["gRPC-Web", "application/grpc-web"],
    ["Connect", "application/connect+proto"],
  ])("over %s tells where it begins, and after which item it has ended", async (_, type) => {
    async function* items(...given: (object | Error)[]) {
      for (const item of given) {
        if (item instanceof Error) throw item;
        yield item;
      }
    }
    const item = (id: string | undefined) => (id === undefined ? toOrder("a") : withStreamItemId(toOrder("a"), id));
    const answerTo = async (response: AsyncIterable<unknown>, after?: string) => {
      const { send } = app([{ method: kind("server"), invoke: async () => ({ response }) }]);
      const resumed = after === undefined ? {} : { "last-event-id": after };
      const request = { headers: { "content-type": type, ...resumed }, body: envelope("a") };
      const { headers, trailers, body } = (await send(new TestRequest(request))) as Answer;
      const text =
        trailers === undefined ? new TextDecoder().decode(body) : `last-event-id: ${trailers["last-event-id"]}`;
      const end = /last-event-id(?:: |":\[")([\w é]+)/.exec(text)?.[1];
      return [headers["last-event-id"], end === "undefined" ? undefined : end];
    };
    const stops = new PotterError("unavailable", "the server stops");
    expect(await answerTo(withStreamItemId(items(item("1"), item("2"), stops), "0"))).toEqual(["0", "2"]);
    expect(await answerTo(withStreamItemId(items(item("1"), item("2")), "0"), "0")).toEqual([undefined, "2"]);
    expect(await answerTo(withStreamItemId(items(), "0"))).toEqual(["0", "0"]);
    expect(await answerTo(withStreamItemId(items(item("1"), item(undefined), stops), "0"))).toEqual(["0", undefined]);
    expect(await answerTo(items(item(undefined)))).toEqual([undefined, undefined]);
    expect(await answerTo(withStreamItemId(items(item("é")), "é"))).toEqual([undefined, undefined]);
  });

  it("does not say that it has ended after an item that could not be written", async () => {
    const faulty = {
      ...order,
      encode: () => {
        throw new PotterError("internal", "unwritable");
      },
    };
    async function* items() {
      yield withStreamItemId(toOrder("a"), "1");
    }
    const invoke = async () => ({ response: withStreamItemId(items(), "0") });
    const { send } = app([{ method: { ...kind("server"), response: faulty }, invoke }]);
    const answer = await send(grpcRequest({ body: envelope("a") }));
    expect(answer?.trailers).toMatchObject({ "grpc-status": "13", "last-event-id": "0" });
  });

  it("has the headers that its handler adds before the first item", async () => {
    const invoke = async (_: unknown, { responseHeaders }: CallOptions) => ({
      response: (async function* () {
        responseHeaders?.append("x-a", "1");
        yield toOrder("a");
      })(),
    });
    const answer = await app([{ method: kind("server"), invoke }]).send(grpcRequest({ body: envelope("a") }));
    expect(answer?.headers["x-a"]).toBe("1");
  });

  it("reports an error before its first item with headers only", async () => {
    const invoke = async () => ({
      response: (async function* () {
        yield* [];
        throw new PotterError("not_found", "gone");
      })(),
    });
    const answer = await app([{ method: kind("server"), invoke }]).send(grpcRequest({ body: envelope("a") }));
    expect(answer?.headers["grpc-status"]).toBe("5");
    expect(answer?.trailers).toBeUndefined();
  });

  it("ends with its deadline, aborts the signal of its handler and returns its iterator", async () => {
    let signal: AbortSignal | undefined;
    let returned = false;
    async function* items() {
      try {
        yield toOrder("a");
        await new Promise((_, reject) => signal?.addEventListener("abort", () => reject(signal?.reason)));
      } finally {
        returned = true;
      }
    }
    const invoke = async (_: unknown, options: CallOptions) => {
      signal = options.signal;
      return { response: items() };
    };
    const { send, error } = app([{ method: kind("server"), invoke }]);
    const answer = await send(grpcRequest({ headers: { "grpc-timeout": "20m" }, body: envelope("a") }));
    expect(ids(answer?.body as Uint8Array)).toEqual(["a"]);
    expect(answer?.trailers?.["grpc-status"]).toBe("4");
    expect(signal?.reason).toMatchObject({ code: "deadline_exceeded" });
    await vi.waitFor(() => expect(returned).toBe(true));
    // Clients end streams this way.
    expect(error).not.toHaveBeenCalled();
  });

  it("is logged if it ends with the time limit of the app, as an unary call is", async () => {
    async function* items() {
      yield toOrder("a");
      await new Promise(() => {});
    }
    const setup = { method: kind("server"), invoke: async () => ({ response: items() }) };
    const { send, error } = app([setup], { maxTimeout: 20 });
    const answer = await send(grpcRequest({ body: envelope("a") }));
    expect(answer?.trailers?.["grpc-status"]).toBe("4");
    expect(error).toHaveBeenCalled();
  });

  it("ends as unavailable when the server stops, and is not logged", async () => {
    const stop = new AbortController();
    async function* items() {
      yield toOrder("a");
      await new Promise(() => {});
    }
    const { routes, error } = app([{ method: kind("server"), invoke: async () => ({ response: items() }) }]);
    const response = (await routes(grpcRequest({ body: envelope("a"), signal: stop.signal }))) as HttpResponse;
    const answer = readAnswer(response);
    setTimeout(() => stop.abort(), 5);
    expect((await answer).trailers).toMatchObject({ "grpc-status": "14" });
    expect(error).not.toHaveBeenCalled();
  });

  it("of a handler that ignores its signal is released nevertheless", async () => {
    const stop = new AbortController();
    let release = (_: unknown) => {};
    let returned = false;
    const response = {
      [Symbol.asyncIterator]: () => response,
      next: () => new Promise<never>(() => {}),
      return: async () => {
        returned = true;
        return { done: true, value: undefined };
      },
    };
    const invoke = () => new Promise((resolve) => (release = resolve));
    const { send } = app([{ method: kind("server"), invoke: invoke as never }]);
    const answer = send(grpcRequest({ body: envelope("a"), signal: stop.signal }));
    setTimeout(() => stop.abort(), 5);
    expect((await answer)?.headers["grpc-status"]).toBe("14");
    release({ response });
    await vi.waitFor(() => expect(returned).toBe(true));
  });
});

describe("a request that is a stream", () => {
  it("is read no faster than its handler takes it", async () => {
    const source = pushed();
    for (const id of ["a", "b", "c"]) source.push(envelope(id));
    let taken = 0;
    const invoke = async (requests: Requests) => {
      for await (const _ of requests) if (++taken === 2) break;
      return { response: toOrder(String(taken)) };
    };
    const { send } = app([{ method: kind("client"), invoke: invoke as never }]);
    const answer = await send(new PushedRequest(source.body));
    expect(ids(answer?.body as Uint8Array)).toEqual(["2"]);
    expect(source.returned).toBe(true);
    expect(await source.body.next()).toMatchObject({ done: false });
  });

  it.each([
    ["a truncated message", join([envelope("a"), envelope("b").subarray(0, 6)]), "13"],
    ["an invalid message", join([envelope("a"), Uint8Array.of(0, 0, 0, 0, 1, 255)]), "3"],
    ["reserved flags", envelope("a", 64), "13"],
    ["a message above the limit", join([envelope("a"), envelope("x".repeat(200))]), "8"],
  ])("fails with %s", async (_, body, status) => {
    const invoke = async (requests: Requests) => {
      for await (const _one of requests);
      return { response: toOrder("a") };
    };
    const { send } = app([{ method: kind("client"), invoke: invoke as never }], { maxMessageSize: 100 });
    expect((await send(grpcRequest({ body })))?.headers["grpc-status"]).toBe(status);
  });

  it("ends with the deadline, although its client sends nothing", async () => {
    const source = pushed();
    let failed: unknown;
    const invoke = async (requests: Requests) => {
      try {
        for await (const _ of requests);
      } catch (error) {
        failed = error;
      }
      return new Promise<never>(() => {});
    };
    const { send } = app([{ method: kind("client"), invoke: invoke as never }]);
    const answer = await send(new PushedRequest(source.body, { headers: { "grpc-timeout": "5m" } }));
    expect(answer?.headers["grpc-status"]).toBe("4");
    await vi.waitFor(() => expect(failed).toMatchObject({ code: "deadline_exceeded" }));
    expect(source.returned).toBe(true);
  });

  it("is not read before its caller is known", async () => {
    const source = pushed();
    const next = vi.spyOn(source.body, "next");
    const identify = () => Promise.reject(new PotterError("permission_denied", "no"));
    const { send } = app([{ method: kind("client") }], {}, { identify });
    expect((await send(new PushedRequest(source.body)))?.headers["grpc-status"]).toBe("7");
    expect(next).not.toHaveBeenCalled();
  });
});

describe("a stream in both directions", () => {
  const echo = {
    method: kind("bidi"),
    invoke: (async (requests: Requests) => ({
      response: (async function* () {
        for await (const { orderId } of requests) yield toOrder(`${orderId}!`);
      })(),
    })) as never,
  };

  it("answers each message before the next one is sent", async () => {
    const source = pushed();
    const { routes } = app([echo]);
    const pending = routes(new PushedRequest(source.body));
    source.push(envelope("a"));
    const { body, trailers } = (await pending) as HttpResponse;
    const iterator = (body as AsyncIterable<Uint8Array>)[Symbol.asyncIterator]();
    expect(ids((await iterator.next()).value)).toEqual(["a!"]);
    source.push(envelope("b"));
    expect(ids((await iterator.next()).value)).toEqual(["b!"]);
    source.end();
    expect((await iterator.next()).done).toBe(true);
    expect(trailers?.()).toEqual({ "grpc-status": "0" });
  });

  it("discards the rest of the request when its client disconnects", async () => {
    const source = pushed();
    const { routes } = app([echo]);
    const pending = routes(new PushedRequest(source.body));
    source.push(envelope("a"));
    const { body } = (await pending) as HttpResponse;
    await (body as AsyncIterable<Uint8Array>)[Symbol.asyncIterator]().return?.();
    expect(source.returned).toBe(true);
  });

  it("is answered after its request where the server cannot do both at once", async () => {
    const source = pushed();
    const { send } = app([echo]);
    const headers = { "content-type": "application/connect+proto" };
    const answer = send(new PushedRequest(source.body, { headers, fullDuplex: false }));
    source.push(join([envelope("a"), envelope("b")]));
    source.end();
    const [first, second] = envelopesOf((await answer)?.body as Uint8Array);
    expect([idOf(first?.data), idOf(second?.data)]).toEqual(["a!", "b!"]);
  });

  it("has a limit there, since its messages are kept", async () => {
    const { send } = app([echo], { maxMessageSize: 20 });
    const body = join(Array.from({ length: 10 }, () => envelope("abcdef")));
    const headers = { "content-type": "application/connect+proto" };
    const answer = await send(new TestRequest({ headers, body, fullDuplex: false }));
    expect(answer?.text).toContain("at most 80 bytes of requests: use HTTP/2");
    expect((await send(grpcRequest({ body })))?.trailers).toEqual({ "grpc-status": "0" });
  });
});
