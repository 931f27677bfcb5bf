// The shop over GraphQL on WebSockets, from a Node server to the client of graphql-ws, and to one that violates the protocol.
import { PotterError } from "@potter/runtime";
import { type Client, type ClientOptions, createClient } from "graphql-ws";
import { afterEach, describe, expect, it, vi } from "vitest";
import { type RawData, WebSocket } from "ws";
import { LiveShop, openProxy } from "./live-shop.fixture.js";

type Options = Parameters<typeof LiveShop.open>;

let shop: LiveShop;
let clients: Client[] = [];
let sockets: WebSocket[] = [];

async function open(...options: Options): Promise<void> {
  shop = await LiveShop.open(...options);
}

afterEach(async () => {
  for (const client of clients) await client.dispose();
  for (const socket of sockets) socket.terminate();
  [clients, sockets] = [[], []];
  await shop.stop();
});

function clientOf(options: Partial<ClientOptions> = {}): Client {
  const client = createClient({
    url: shop.url.replace("http", "ws"),
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    ...options,
  });
  clients.push(client);
  return client;
}

/** A raw socket without a client library. */
function socketOf({ protocol = "graphql-transport-ws", origin = "", url = shop.url } = {}): WebSocket {
  const socket = new WebSocket(url.replace("http", "ws"), protocol, origin === "" ? {} : { origin });
  sockets.push(socket);
  return socket;
}

/** The class of sockets that report each ping. */
function pinged(onPing: () => void): unknown {
  return class extends WebSocket {
    constructor(url: string, protocol: string) {
      super(url, protocol);
      this.on("ping", onPing);
    }
  };
}

/** Sends messages when a socket is open, and returns the code of its close. */
function closeCode(socket: WebSocket, ...messages: readonly unknown[]): Promise<number> {
  return new Promise((resolve) => {
    socket.on("open", () => {
      for (const message of messages) socket.send(typeof message === "string" ? message : JSON.stringify(message));
    });
    socket.on("close", resolve).on("error", () => {});
  });
}

const init = { type: "connection_init" };
const watching = `subscription { order(orderId: "s1") { status } }`;
const events = `subscription { orderEvents { position orderId } }`;
const subscribe = (id: string, query = watching) => ({ type: "subscribe", id, payload: { query } });

describe("the client of graphql-ws", () => {
  const all = async (client: Client, query: string, variables: Record<string, unknown> = {}) => {
    const results: unknown[] = [];
    for await (const result of client.iterate({ query, variables })) results.push(result);
    return results;
  };

  it("queries and mutates", async () => {
    await open();
    const client = clientOf();
    const input = { orderId: "s1", customerEmail: "ada@example.com", lines: [{ sku: "tea", quantity: 1 }] };
    const placing = "mutation ($input: PlaceOrderInput!) { placeOrder(input: $input) { orderId } }";
    expect(await all(client, placing, { input })).toEqual([{ data: { placeOrder: { orderId: "s1" } } }]);
    await shop.app.waitForProjections();
    expect(await all(client, `{ order(orderId: "s1") { status } }`)).toEqual([
      { data: { order: { status: "PLACED" } } },
    ]);
  });

  it.each(["{ gone }", "{", `subscription { orderEvents(after: "x") { position } }`])(
    "receives errors, as over HTTP: %s",
    async (query) => {
      await open();
      await expect(all(clientOf(), query)).rejects.toEqual([
        expect.objectContaining({ extensions: expect.objectContaining({ code: "INVALID_ARGUMENT" }) }),
      ]);
    },
  );

  it("is subject to the limits", async () => {
    await open({ limits: { depth: 2 } });
    const query = `{ order(orderId: "s1") { lines { sku } } }`;
    await expect(all(clientOf(), query)).rejects.toEqual([
      expect.objectContaining({ message: expect.stringMatching(/deep|depth/) }),
    ]);
  });

  it.each([
    ["a row", watching, { data: { order: { status: "PLACED" } } }],
    ["events", events, { data: { orderEvents: { position: expect.any(String), orderId: "s1" } } }],
  ])("follows %s until it has enough", async (_, query, expected) => {
    await open();
    const results = clientOf().iterate({ query });
    const first = results.next();
    await shop.oneOpened();
    await shop.place("s1");
    expect((await first).value).toMatchObject(expected);
    await results.return?.();
    await shop.allClosed();
  });

  it("is released when its connection breaks", async () => {
    await open();
    const proxy = await openProxy(shop.server.port);
    const results = clientOf({ url: proxy.url.replace("http", "ws") }).iterate({ query: events });
    const failed = expect(results.next()).rejects.toBeDefined();
    await shop.oneOpened();
    proxy.cut();
    await failed;
    await shop.allClosed();
    proxy.close();
  });

  it("resumes from its last position after a disconnect, with no event lost or repeated", async () => {
    await open();
    const proxy = await openProxy(shop.server.port);
    const expected = Array.from({ length: 40 }, (_, at) => `o${at}`);
    const seen: string[] = [];
    let last: unknown;
    let failure: Error | undefined;
    const read = async () => {
      const client = clientOf({ url: proxy.url.replace("http", "ws") });
      const payload = { query: events, ...(last !== undefined && { extensions: { lastEventId: last } }) };
      for await (const result of client.iterate<{ orderEvents: { orderId: string } }, { lastEventId?: string }>(
        payload,
      )) {
        if (result.data == null) {
          failure = new Error(JSON.stringify(result));
          return;
        }
        last = result.extensions?.lastEventId;
        seen.push(result.data.orderEvents.orderId);
        if (seen.length === expected.length) return;
      }
      failure = new Error(`the subscription ended after ${seen.length} of ${expected.length} events`);
    };
    const reading = (async () => {
      // An interrupted operation rejects, and is sent again.
      while (seen.length < expected.length && failure === undefined) await read().catch(() => {});
    })();
    await shop.oneOpened();
    for (const [at, id] of expected.entries()) {
      await shop.place(id);
      if (at === 0) await vi.waitFor(() => expect(seen).toHaveLength(1));
      if (at % 7 === 3) proxy.cut();
    }
    await reading;
    expect(failure).toBeUndefined();
    expect(seen).toEqual(expected);
    proxy.close();
  });

  it("authenticates when it connects, and is refused with a neutral reason", async () => {
    await open({}, ({ connectionParams }) => {
      if (connectionParams?.["token"] !== "s3cret") throw new PotterError("unauthenticated", "not by that token");
      return {};
    });
    expect(await all(clientOf({ connectionParams: { token: "s3cret" } }), "{ __typename }")).toEqual([
      { data: { __typename: "Query" } },
    ]);
    await expect(all(clientOf({ connectionParams: { token: "wrong" } }), "{ __typename }")).rejects.toMatchObject({
      code: 4401,
      reason: "Unauthorized",
    });
  });

  it("has the user and the tenant of its caller, determined for each operation", async () => {
    let calls = 0;
    await open({}, ({ connectionParams }) => {
      calls += 1;
      if (calls > 2) throw new PotterError("unauthenticated", "the session has ended");
      return { user: String(connectionParams?.["user"]), tenant: "north" };
    });
    const client = clientOf({ connectionParams: { user: "ada" }, lazy: false });
    const input = { orderId: "s1", customerEmail: "ada@example.com", lines: [{ sku: "tea", quantity: 1 }] };
    const placing = "mutation ($input: PlaceOrderInput!) { placeOrder(input: $input) { orderId } }";
    expect(await all(client, placing, { input })).toEqual([{ data: { placeOrder: { orderId: "s1" } } }]);
    const { events: recorded } = await shop.app.store.events.readAll(0, 10);
    expect(recorded.map(({ stream, metadata }) => [stream.tenant, metadata["user"]])).toEqual([["north", "ada"]]);
    await expect(all(client, "{ __typename }")).rejects.toEqual([
      expect.objectContaining({ extensions: expect.objectContaining({ code: "UNAUTHENTICATED" }) }),
    ]);
  });

  it("is closed when the server stops, after running operations have completed", async () => {
    await open();
    const closed = new Promise<unknown>((resolve) => {
      const client = clientOf({ on: { closed: resolve } });
      void client
        .iterate({ query: events })
        .next()
        .catch(() => {});
    });
    await shop.oneOpened();
    await shop.stop();
    expect(await closed).toMatchObject({ code: 1001 });
  });
});

describe("a socket", () => {
  it.each([
    ["sends nothing", { initTimeout: 50 }, 4408, []],
    ["greets twice", {}, 4429, [init, init]],
    ["subscribes before it has greeted", {}, 4401, [subscribe("1")]],
    ["sends invalid JSON", {}, 4400, ["{"]],
    ["sends an invalid message", {}, 4400, [{ type: "hello" }]],
    ["subscribes without a document", {}, 4400, [init, { type: "subscribe", id: "1", payload: {} }]],
    ["sends too much", { maxMessageSize: 500 }, 1009, [init, subscribe("1", " ".repeat(501))]],
  ] as const)("is closed when it %s", async (_, webSocket, code, messages) => {
    await open({ webSocket });
    expect(await closeCode(socketOf(), ...messages)).toBe(code);
  });

  it("is closed when its caller is not identified in time", async () => {
    // The same time limits the arrival of the first message, which 4408 reports.
    let code = 4408;
    for (let initTimeout = 50; code === 4408; initTimeout *= 2) {
      await open({ webSocket: { initTimeout } }, () => new Promise(() => {}));
      code = await closeCode(socketOf(), init);
      await shop.stop();
    }
    expect(code).toBe(1013);
  });

  it("keeps no server that stops from doing so, when its caller is not identified", async () => {
    let asked = 0;
    await open({ webSocket: { initTimeout: 600_000 } }, () => {
      asked += 1;
      return new Promise(() => {});
    });
    const code = closeCode(socketOf(), init);
    await vi.waitFor(() => expect(asked).toBe(1));
    await shop.stop();
    expect(await code).toBe(1001);
  });

  it("is closed when it uses an id that is in use", async () => {
    await open();
    const socket = socketOf();
    const closed = closeCode(socket, init);
    socket.on("message", () => {
      socket.send(JSON.stringify(subscribe("1")));
      socket.send(JSON.stringify(subscribe("1")));
    });
    expect(await closed).toBe(4409);
    await shop.allClosed();
  });

  it("receives errors for operations beyond its limit, and keeps the others", async () => {
    await open({ webSocket: { operations: 2 } });
    const socket = socketOf();
    const messages: { type: string; id?: string }[] = [];
    socket.on("open", () => socket.send(JSON.stringify(init)));
    socket.on("message", (data) => {
      const message = JSON.parse(textOf(data));
      messages.push(message);
      if (message.type === "connection_ack")
        for (const id of ["1", "2", "3"]) socket.send(JSON.stringify(subscribe(id)));
    });
    await vi.waitFor(() => expect(messages).toContainEqual(expect.objectContaining({ type: "error", id: "3" })));
    expect(JSON.stringify(messages)).toContain("RESOURCE_EXHAUSTED");
    await shop.place("s1");
    await vi.waitFor(() =>
      expect(
        messages
          .filter(({ type }) => type === "next")
          .map(({ id }) => id)
          .sort(),
      ).toEqual(["1", "2"]),
    );
  });

  it("is refused to other protocols and to pages of other origins", async () => {
    await open({ webSocket: { origins: ["https://shop.example.com"] } });
    const statusOf = (socket: WebSocket) =>
      new Promise((resolve) => {
        socket.on("unexpected-response", (_request, response) => resolve(response.statusCode));
        socket.on("open", () => resolve("open")).on("error", () => {});
      });
    expect(await statusOf(socketOf({ protocol: "graphql-ws" }))).toBe(400);
    expect(await statusOf(socketOf({ origin: "https://evil.example.com" }))).toBe(403);
    expect(await statusOf(socketOf({ origin: "https://shop.example.com" }))).toBe("open");
    expect(await statusOf(socketOf({ url: shop.url.replace("/graphql", "/gone") }))).toBe(404);
  });

  it("is closed when its client has vanished", async () => {
    await open({ webSocket: { heartbeat: 50 } });
    const proxy = await openProxy(shop.server.port);
    void clientOf({ url: proxy.url.replace("http", "ws") })
      .iterate({ query: events })
      .next()
      .catch(() => {});
    await shop.oneOpened();
    proxy.freeze();
    await shop.allClosed();
    proxy.close();
  });

  it("is kept while it answers pings", async () => {
    await open({ webSocket: { heartbeat: 500 } });
    let pings = 0;
    const results = clientOf({ webSocketImpl: pinged(() => pings++) }).iterate({ query: events });
    const first = results.next();
    await shop.oneOpened();
    await vi.waitFor(() => expect(pings).toBeGreaterThan(2));
    await shop.place("s1");
    expect((await first).value).toMatchObject({ data: { orderEvents: { orderId: "s1" } } });
  });

  it("is closed when it does not read, and the server buffers no more than the data in transit", async () => {
    await open({ webSocket: { writeTimeout: 100, heartbeat: 60_000 } });
    for (let at = 0; at < 100; at++) await shop.place(`o${at}`, 400);
    const lines = Array.from({ length: 20 }, (_, at) => `lines${at}: lines { sku quantity unitPrice }`).join(" ");
    const query = `subscription { orderEvents(after: "0") { event { ... on OrderPlaced { ${lines} } } } }`;
    const socket = socketOf();
    const closed = closeCode(socket, init);
    await new Promise((resolve) => socket.once("message", resolve));
    socket.send(JSON.stringify(subscribe("1", query)));
    socket.pause();
    await shop.oneOpened();
    await shop.allClosed();
    let received = 0;
    socket.on("message", (data) => {
      received += textOf(data).length;
    });
    socket.resume();
    expect(await closed).toBe(1006);
    // The size of the kernel's buffers. All events would be more than 40 MB.
    expect(received).toBeLessThan(20_000_000);
  });

  it("that keeps sending requests and reads nothing is closed", async () => {
    await open({ webSocket: { bufferSize: 1000, heartbeat: 60_000 } });
    const socket = socketOf();
    const closed = closeCode(socket, init);
    await new Promise((resolve) => socket.once("message", resolve));
    socket.pause();
    let gone = false;
    void closed.then(() => {
      gone = true;
    });
    const flood = setInterval(() => {
      for (let n = 0; n < 20_000 && socket.readyState === WebSocket.OPEN; n++) socket.send('{"type":"ping"}');
      if (socket.readyState !== WebSocket.OPEN) socket.resume();
    }, 5);
    await vi
      .waitFor(() => expect(socket.readyState).not.toBe(WebSocket.OPEN), { timeout: 100_000 })
      .finally(() => clearInterval(flood));
    socket.resume();
    await vi.waitFor(() => expect(gone).toBe(true));
  });
});

function textOf(data: RawData): string {
  return (data as Buffer).toString();
}
