import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { bidiStream, clientStream, command, query, serverStream } from "../codegen/index.js";
import { type ClientOptions, createClient } from "../index.js";
import { type FakeSocket, type SentFrame, startFake } from "./fake-socket.fixture.js";
import { type WebSocketTransportOptions, webSocketTransport } from "./index.js";

type Json = Readonly<Record<string, unknown>>;

const named = { service: "test.v1.Notes" };
const ask = query<Json, Json>({ ...named, name: "Ask" });
const tell = command<Json, Json, { tooLong: Json }>({ ...named, name: "Tell", errors: { tooLong: "test.v1.TooLong" } });
const keyed = command<Json, Json>({ ...named, name: "Tell", repeat: "keyed" });
const follow = serverStream<Json, Json>({ ...named, name: "Follow" });
const collect = clientStream<Json, Json>({ ...named, name: "Collect" });
const chat = bidiStream<Json, Json>({ ...named, name: "Chat" });

function start(
  serve: (frame: SentFrame, socket: FakeSocket) => void,
  options: Partial<WebSocketTransportOptions> & { readonly open?: Parameters<typeof startFake>[1] } = {},
  client: Partial<ClientOptions> = {},
) {
  const { sockets, webSocket } = startFake(serve, options.open);
  const transport = webSocketTransport({ url: "ws://shop/ws", webSocket, ...options });
  return {
    sockets,
    client: createClient({ transport, timeout: 0, retry: { initialDelay: 1, maxDelay: 1 }, ...client }),
  };
}

/** Answers each call with its request and what came beside it. */
const echo = ({ id, params = [] }: SentFrame, socket: FakeSocket) => {
  const [request, meta] = params;
  socket.receive({ id, result: { response: { request, meta }, version: 7, headers: { "X-A": ["1", "2"] } } });
};

const item = (socket: FakeSocket, ...params: readonly unknown[]) => socket.receive({ method: "$/item", params });

function paramOf(frame: SentFrame | undefined, index: number): Json {
  return (frame?.params?.[index] ?? {}) as Json;
}

async function read(stream: AsyncIterable<Json>): Promise<Json[]> {
  const found: Json[] = [];
  for await (const one of stream) found.push(one);
  return found;
}

describe("a call", () => {
  it("is a request of JSON-RPC with its metadata, all of them on one socket", async () => {
    const { client, sockets } = start(echo);
    const options = { commandId: "k", expectedVersion: [1, 2], correlationId: "c", after: "t", timeout: 5_000 };
    const [told, asked] = await Promise.all([tell(client, { a: 1 }, options).result(), ask(client, {})]);
    expect(told).toMatchObject({
      version: 7,
      response: {
        request: { a: 1 },
        meta: {
          commandId: "k",
          expectedVersion: [1, 2],
          correlationId: "c",
          timeout: expect.any(Number),
          headers: { "potter-after": "t" },
        },
      },
    });
    expect(told.headers.get("x-a")).toBe("1, 2");
    expect(asked).toEqual({ request: {}, meta: {} });
    expect(sockets).toMatchObject([{ url: "ws://shop/ws", protocol: "potter.v1.json" }]);
    expect(sockets[0]?.methods).toEqual(["test.v1.Notes/Tell", "test.v1.Notes/Ask"]);
  });

  it.each([
    [0, 0],
    ["any" as const, "any"],
    [4, 4],
  ])("expects version %j", async (expectedVersion, sent) => {
    const { client } = start(echo);
    expect(await tell(client, {}, { expectedVersion })).toMatchObject({ meta: { expectedVersion: sent } });
  });

  it("fails with the problem of the server", async () => {
    const data = {
      code: "failed_precondition",
      detail: "too long",
      correlationId: "c",
      retryAfter: 3,
      error: { "@type": "test.v1.TooLong", by: 3 },
    };
    const { client } = start(({ id }, socket) => socket.receive({ id, error: { code: -32009, message: "m", data } }));
    const { error } = await tell(client, {}).safe();
    expect(error).toMatchObject({
      name: "tooLong",
      message: "too long",
      detail: { by: 3 },
      correlationId: "c",
      retryAfter: 3,
    });
  });

  it("fails with the code of a server that tells no more", async () => {
    const { client } = start(({ id }, socket) => socket.receive({ id, error: { code: -32005, message: "gone" } }));
    expect(await ask(client, {}).safe()).toMatchObject({ error: { code: "not_found", message: "gone" } });
  });

  it("is cancelled at the server when its signal is aborted", async () => {
    const { client, sockets } = start(() => {});
    const controller = new AbortController();
    const call = ask(client, {}, { signal: controller.signal }).safe();
    await vi.waitFor(() => expect(sockets[0]?.methods.length).toBe(1));
    controller.abort();
    expect(await call).toMatchObject({ error: { code: "cancelled" } });
    expect(sockets[0]?.sent.at(-1)).toMatchObject({ method: "$/cancel", params: [sockets[0]?.sent.at(-2)?.id] });
  });
});

describe("a connection", () => {
  it("that breaks fails its calls; what may be repeated is, over a new one", async () => {
    let count = 0;
    const { client, sockets } = start((frame, socket) => {
      if (++count <= 2) socket.end(1006);
      else echo(frame, socket);
    });
    const [failed, repeated] = await Promise.all([tell(client, {}).safe(), keyed(client, {}).safe()]);
    expect(failed).toMatchObject({ error: { code: "unavailable", unprocessed: false } });
    expect(repeated).toMatchObject({ ok: true });
    const ids = sockets
      .flatMap(({ sent }) => sent.map(({ params }) => (params?.[1] as Json)?.["commandId"]))
      .filter(Boolean);
    expect([ids.length, new Set(ids).size]).toEqual([2, 1]);
    expect(sockets.length).toBe(2);
  });

  it("that cannot be opened has begun nothing", async () => {
    const { client } = start(() => {}, {
      open: (_, socket) => {
        socket.end(1013, "busy");
        return undefined;
      },
    });
    expect(await tell(client, {}, { retry: false }).safe()).toMatchObject({
      error: { code: "unavailable", unprocessed: true, message: expect.stringContaining("busy") },
    });
  });

  it("that breaks before it is opened may have begun a call: a command is not sent again", async () => {
    const { client, sockets } = start((_, socket) => socket.end(1006), { open: () => undefined });
    expect(await tell(client, {}).safe()).toMatchObject({ error: { code: "unavailable", unprocessed: false } });
    expect(sockets.length).toBe(1);
  });

  it("that does not open in time is given up", async () => {
    const { sockets, webSocket } = startFake(() => {});
    const never = class extends (webSocket as new (url: string, protocol: string) => FakeSocket) {
      constructor(url: string, protocol: string) {
        super(url, protocol);
        for (const socket of sockets) Object.defineProperty(socket, "onopen", { set: () => {}, get: () => null });
      }
    };
    const transport = webSocketTransport({ url: "ws://shop/ws", webSocket: never as never, connectTimeout: 5 });
    const client = createClient({ transport, retry: false });
    expect(await ask(client, {}).safe()).toMatchObject({ error: { code: "unavailable" } });
  });

  it.each([
    [4401, "unauthenticated"],
    [4403, "permission_denied"],
    [1009, "resource_exhausted"],
    [4400, "internal"],
    [1001, "unavailable"],
  ])("that is closed with %i fails its calls with %s", async (closeCode, code) => {
    const { client } = start(() => {}, {
      open: (_, socket) => {
        socket.end(closeCode);
        return undefined;
      },
    });
    expect(await tell(client, {}, { retry: false }).safe()).toMatchObject({ error: { code } });
  });

  it("that goes away is used for no new call; what it has not begun is repeated on another one", async () => {
    const data = { code: "unavailable", retryAfter: 1, unprocessed: true };
    const unavailable = { code: -32014, message: "stopping", data };
    const { client, sockets } = start((frame, socket) => {
      if (socket !== sockets[0]) return echo(frame, socket);
      socket.receive({ method: "$/goaway", params: [{ reason: "stopping", retryAfter: 1 }] });
      socket.receive({ id: frame.id, error: unavailable });
    });
    expect(await tell(client, { a: 1 })).toMatchObject({ request: { a: 1 } });
    expect(sockets.map(({ methods }) => methods.length)).toEqual([1, 1]);
    expect(sockets[0]?.isClosed).toBe(true);
  });

  it("that goes away may have begun what it ends: a command is not repeated unless the server says otherwise", async () => {
    const { client, sockets } = start(({ id }, socket) => {
      socket.receive({ method: "$/goaway", params: [{ reason: "stopping", retryAfter: 1 }] });
      socket.receive({
        id,
        error: { code: -32014, message: "stopping", data: { code: "unavailable", retryAfter: 1 } },
      });
    });
    expect(await tell(client, {}).safe()).toMatchObject({ error: { code: "unavailable", unprocessed: false } });
    expect(sockets.length).toBe(1);
  });

  it.each<[string, unknown]>([
    ["no JSON", "garbage{"],
    ["no object", "null"],
    ["a number", "1"],
    ["binary", new Uint8Array([1])],
    ["a batch", "[]"],
    ["nothing that it could mean", '{"id":2}'],
    ["an answer without a result", '{"id":2,"result":null}'],
    ["an answer whose result is a text", '{"id":2,"result":"x"}'],
    ["an answer whose result is a list", '{"id":2,"result":[]}'],
    ["an answer whose error is a text", '{"id":2,"error":"x"}'],
    ["an item without params", '{"method":"$/item","params":7}'],
  ])("whose server sends %s is closed, and its calls fail", async (_, data) => {
    const { client, sockets } = start((_frame, socket) => socket.onmessage?.({ data: data as string }));
    await expect(ask(client, {})).rejects.toMatchObject({ code: "internal", message: /a malformed frame/ });
    expect(sockets[0]?.isClosed).toBe(true);
  });

  it("whose server answers without a response fails the call", async () => {
    const { client } = start(({ id }, socket) => socket.receive({ id, result: {} }));
    await expect(ask(client, {})).rejects.toMatchObject({ code: "internal", message: /without a response/ });
  });

  it("answers the pings of the server", async () => {
    const { client, sockets } = start(echo);
    await ask(client, {});
    sockets[0]?.receive({ id: "ping", method: "$/ping" });
    expect(sockets[0]?.sent.at(-1)).toMatchObject({ id: "ping", result: {} });
  });

  it("whose server is silent is asked, and given up if it stays so", async () => {
    const { client, sockets } = start(() => {}, { idleTimeout: 5 });
    expect(await ask(client, {}, { retry: false }).safe()).toMatchObject({ error: { code: "unavailable" } });
    expect(sockets[0]?.methods).toContain("$/ping");
  });

  it("is closed by the client", async () => {
    const { client, sockets } = start((frame, socket) => {
      if (frame.method === "test.v1.Notes/Ask") echo(frame, socket);
    });
    await ask(client, {});
    const running = read(follow(client, {}, { retry: false })).catch((error) => error.code);
    await vi.waitFor(() => expect(sockets[0]?.methods.length).toBe(2));
    await client.close();
    expect(sockets[0]?.isClosed).toBe(true);
    expect(await running).toBe("cancelled");
  });

  it("that goes away is closed by the client as well, while its calls are running", async () => {
    const { client, sockets } = start((frame, socket) => {
      if (frame.method === "test.v1.Notes/Ask") echo(frame, socket);
    });
    const running = tell(client, {}).safe();
    await vi.waitFor(() => expect(sockets[0]?.methods.length).toBe(1));
    sockets[0]?.receive({ method: "$/goaway", params: [{}] });
    await ask(client, {});
    await client.close();
    expect(sockets.map(({ isClosed }) => isClosed)).toEqual([true, true]);
    expect(await running).toMatchObject({ error: { code: "cancelled" } });
  });

  it("needs a WebSocket", () => {
    vi.stubGlobal("WebSocket", undefined);
    try {
      expect(() => webSocketTransport({ url: "ws://shop/ws" })).toThrow("no WebSocket: pass that of ws");
    } finally {
      vi.unstubAllGlobals();
    }
  });
});

describe("the token", () => {
  it("opens the connection, with what else the service wants to know", async () => {
    const { client, sockets } = start(echo, { params: { tenant: "north" } }, { token: () => "t1" });
    expect(await ask(client, {})).toEqual({ request: {}, meta: {} });
    expect(sockets[0]?.sent[0]).toMatchObject({ method: "$/open", params: [{ tenant: "north", token: "t1" }] });
  });

  it("is renewed on the open connection before the next call", async () => {
    let token = "t1";
    const { client, sockets } = start(
      (frame, socket) =>
        frame.method === "$/auth" ? socket.receive({ id: frame.id, result: {} }) : echo(frame, socket),
      {},
      { token: () => token },
    );
    await ask(client, {});
    token = "t2";
    await ask(client, {});
    await ask(client, {});
    expect(sockets[0]?.methods).toEqual(["test.v1.Notes/Ask", "$/auth", "test.v1.Notes/Ask", "test.v1.Notes/Ask"]);
    expect(sockets[0]?.sent[2]?.params).toEqual([{ token: "t2" }]);
  });

  describe("that expires", () => {
    beforeEach(() => {
      vi.useFakeTimers();
    });
    afterEach(() => {
      vi.useRealTimers();
    });

    /** The server answers nothing but `$/auth`. */
    const startExpiring = () =>
      start(
        (frame, socket) => {
          if (frame.method === "$/auth") socket.receive({ id: frame.id, result: {} });
        },
        { idleTimeout: 0, open: () => ({ expires: new Date(Date.now() + 60_000).toISOString() }) },
        { token: ({ renew }) => (renew ? "new" : "old") },
      );

    it("is renewed before that, while a stream is running", async () => {
      const { client, sockets } = startExpiring();
      const controller = new AbortController();
      const running = read(follow(client, {}, { signal: controller.signal })).catch(() => {});
      await vi.advanceTimersByTimeAsync(53_000);
      expect(sockets[0]?.methods).toEqual(["test.v1.Notes/Follow"]);
      await vi.advanceTimersByTimeAsync(2_000);
      expect(sockets[0]?.sent.at(-1)).toMatchObject({ method: "$/auth", params: [{ token: "new" }] });
      controller.abort();
      await running;
    });

    it("is renewed with the next call if none is running then", async () => {
      const { client, sockets } = startExpiring();
      const controller = new AbortController();
      const first = read(follow(client, {}, { signal: controller.signal })).catch(() => {});
      await vi.advanceTimersByTimeAsync(1_000);
      controller.abort();
      await first;
      sockets[0]?.receive({ id: sockets[0].sent[1]?.id, error: { code: -32001, message: "cancelled" } });
      await vi.advanceTimersByTimeAsync(55_000);
      expect(sockets[0]?.methods).toEqual(["test.v1.Notes/Follow", "$/cancel"]);
      const other = new AbortController();
      const second = read(follow(client, {}, { signal: other.signal })).catch(() => {});
      await vi.advanceTimersByTimeAsync(1);
      expect(sockets[0]?.methods.slice(2).sort()).toEqual(["$/auth", "test.v1.Notes/Follow"]);
      other.abort();
      await second;
    });
  });

  it("that the server does not accept is renewed once, by a new connection", async () => {
    const { client, sockets } = start(
      echo,
      {
        open: (frame, socket) => {
          if (paramOf(frame, 0)["token"] === "new") return {};
          socket.end(4401);
          return undefined;
        },
      },
      { token: ({ renew }) => (renew ? "new" : "old") },
    );
    expect(await tell(client, { a: 1 })).toMatchObject({ request: { a: 1 } });
    expect(sockets.length).toBe(2);
  });

  it("of another user opens a connection of its own", async () => {
    let token: string | undefined = "ada";
    const refused = { code: -32007, message: "another user", data: { code: "permission_denied" } };
    const { client, sockets } = start(
      (frame, socket) =>
        frame.method === "$/auth" ? socket.receive({ id: frame.id, error: refused }) : echo(frame, socket),
      {},
      { token: () => token },
    );
    await ask(client, {});
    token = "bob";
    await ask(client, {});
    token = undefined;
    await ask(client, {});
    expect(sockets.map(({ sent }) => paramOf(sent[0], 0)["token"])).toEqual(["ada", "bob", undefined]);
    expect(sockets.map(({ isClosed }) => isClosed)).toEqual([true, true, false]);
  });
});

describe("a stream of responses", () => {
  it("has its positions, and its end", async () => {
    const { client } = start(({ id }, socket) => {
      item(socket, id, { n: 1 }, "p1");
      item(socket, id, { n: 2 });
      socket.receive({ id, result: { trailers: { "x-t": "t" } } });
    });
    const call = follow(client, {});
    const found = [];
    for await (const one of call.items()) found.push(one);
    expect(found).toEqual([{ message: { n: 1 }, id: "p1" }, { message: { n: 2 } }]);
    expect((await call.answer()).trailers?.get("x-t")).toBe("t");
  });

  it("is granted credit as it is read", async () => {
    let granted = 0;
    const { client, sockets } = start(
      ({ id, method, params = [] }, socket) => {
        if (method === "test.v1.Notes/Follow") granted = (params[1] as { credit: number }).credit;
        if (method === "$/credit") granted += params[1] as number;
        const call = sockets[0]?.sent.find((frame) => frame.method === "test.v1.Notes/Follow")?.id ?? id;
        if (method !== "$/cancel") {
          while (granted > 0) {
            granted--;
            item(socket, call, {});
          }
        }
      },
      { credit: 4 },
    );
    let count = 0;
    for await (const _ of follow(client, {})) if (++count === 11) break;
    expect(sockets[0]?.methods).toEqual(["test.v1.Notes/Follow", ...Array(5).fill("$/credit"), "$/cancel"]);
  });

  it("continues on a new connection, after the position that came last", async () => {
    const { client, sockets } = start(({ id, params = [] }, socket) => {
      const { after } = params[1] as { after?: string };
      if (after === undefined) {
        socket.receive({ method: "$/position", params: [id, "p0"] });
        socket.end(1006);
      } else if (after === "p0") {
        item(socket, id, { n: 1 }, "p1");
        socket.receive({ method: "$/goaway", params: [{}] });
        socket.receive({ id, error: { code: -32014, message: "stopping", data: { code: "unavailable" } } });
      } else {
        item(socket, id, { after }, "p2");
        socket.receive({ id, result: {} });
      }
    });
    expect(await read(follow(client, {}))).toEqual([{ n: 1 }, { after: "p1" }]);
    expect(sockets.length).toBe(3);
  });
});

describe("a stream of requests", () => {
  it("is sent as far as the server accepts it", async () => {
    const { client, sockets } = start(({ id, method, params = [] }, socket) => {
      if (method === "$/item") queueMicrotask(() => socket.receive({ method: "$/credit", params: [params[0], 1] }));
      if (method !== "$/end") return;
      const items = socket.sent.filter((frame) => frame.method === "$/item").map((frame) => paramOf(frame, 1)["n"]);
      socket.receive({ id: params[0] ?? id, result: { response: { items } } });
    });
    expect(
      await collect(
        client,
        [1, 2, 3, 4, 5].map((n) => ({ n })),
      ),
    ).toEqual({ items: [1, 2, 3, 4, 5] });
    expect(sockets[0]?.sent[1]).toMatchObject({ method: "test.v1.Notes/Collect", params: [null, {}] });
  });

  it("waits for credit, and stops when the call has ended", async () => {
    const taken: number[] = [];
    const requests = function* () {
      for (let n = 1; ; n++) {
        taken.push(n);
        yield { n };
      }
    };
    const { client } = start(({ id, method, params = [] }, socket) => {
      const items = socket.sent.filter((frame) => frame.method === "$/item");
      if (method !== "$/item" || items.length < 2) return;
      setTimeout(() => socket.receive({ id: params[0] ?? id, result: { response: { enough: true } } }), 5);
    });
    expect(await collect(client, requests())).toEqual({ enough: true });
    expect(taken).toEqual([1, 2, 3]);
  });

  it("may go along with responses", async () => {
    const { client } = start(({ method, params = [] }, socket) => {
      const [call, message] = params as [number, Json];
      if (method === "$/item") item(socket, call, { echo: message["n"] });
      if (method === "$/end") socket.receive({ id: call, result: {} });
    });
    expect(await read(chat(client, [{ n: 1 }, { n: 2 }]))).toEqual([{ echo: 1 }, { echo: 2 }]);
  });

  it("that fails cancels its call", async () => {
    const { client, sockets } = start(() => {});
    const requests = async function* () {
      yield { n: 1 };
      throw new Error("no more");
    };
    expect(await collect(client, requests()).safe()).toMatchObject({ error: { code: "cancelled" } });
    expect(sockets[0]?.methods.at(-1)).toBe("$/cancel");
  });
});
