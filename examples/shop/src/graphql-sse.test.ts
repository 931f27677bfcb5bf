// The shop over GraphQL with server-sent events, from a Node server to the client of graphql-sse.
import { connect } from "node:net";
import type { EventsOptions } from "@potter/runtime/graphql";
import { type Client, type ClientOptions, createClient } from "graphql-sse";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { LiveShop, openProxy } from "./live-shop.fixture.js";
import { StreamText } from "./stream-text.fixture.js";

let shop: LiveShop;
let clients: Client[] = [];

async function open(events: EventsOptions = {}): Promise<void> {
  shop = await LiveShop.open({ events });
}

beforeEach(() => open());
afterEach(async () => {
  for (const client of clients) client.dispose();
  clients = [];
  await shop.stop();
});

function clientOf(options: Partial<ClientOptions> = {}): Client {
  const client = createClient({ url: shop.url, retryAttempts: 0, ...options });
  clients.push(client);
  return client;
}

const watching = `subscription { order(orderId: "s1") { status } }`;
const events = `subscription { orderEvents { position orderId } }`;

describe("the client of graphql-sse", () => {
  const all = async (query: string, variables: Record<string, unknown> = {}) => {
    const results: unknown[] = [];
    for await (const result of clientOf().iterate({ query, variables })) results.push(result);
    return results;
  };

  it("queries and mutates", async () => {
    const input = { orderId: "s1", customerEmail: "ada@example.com", lines: [{ sku: "tea", quantity: 1 }] };
    const placing = "mutation ($input: PlaceOrderInput!) { placeOrder(input: $input) { orderId } }";
    expect(await all(placing, { input })).toEqual([{ data: { placeOrder: { orderId: "s1" } } }]);
    await shop.app.waitForProjections();
    expect(await all(`{ order(orderId: "s1") { status } }`)).toEqual([{ data: { order: { status: "PLACED" } } }]);
  });

  it("receives errors", async () => {
    for (const query of ["{ gone }", "{", `subscription { orderEvents(after: "x") { position } }`]) {
      const results = await all(query);
      expect(results).toEqual([{ errors: [expect.objectContaining({ extensions: expect.anything() })] }]);
      expect(JSON.stringify(results)).toContain('"INVALID_ARGUMENT"');
    }
  });

  it.each([
    ["a row", watching, { data: { order: { status: "PLACED" } } }],
    ["events", events, { data: { orderEvents: { position: expect.any(String), orderId: "s1" } } }],
  ])("follows %s until it has enough", async (_, query, expected) => {
    const results = clientOf().iterate({ query });
    const first = results.next();
    await shop.oneOpened();
    await shop.place("s1");
    expect((await first).value).toEqual(expected);
    await results.return?.();
    await shop.allClosed();
  });

  it("is released when its connection breaks", async () => {
    const proxy = await openProxy(shop.server.port);
    const results = clientOf({ url: proxy.url }).iterate({ query: events });
    const failed = expect(results.next()).rejects.toThrow();
    await shop.oneOpened();
    proxy.cut();
    await failed;
    await shop.allClosed();
    proxy.close();
  });

  it("resumes after each disconnect, with no event lost or repeated", async () => {
    const proxy = await openProxy(shop.server.port);
    let last: string | undefined;
    const client = clientOf({
      url: proxy.url,
      retryAttempts: 100,
      retry: () => Promise.resolve(),
      headers: (): Record<string, string> => (last === undefined ? {} : { "last-event-id": last }),
    });
    const seen: string[] = [];
    const results = client.iterate<{ orderEvents: { position: string; orderId: string } }>({ query: events });
    const read = (async () => {
      for await (const { data } of results) {
        if (data == null) throw new Error("no data");
        last = data.orderEvents.position;
        seen.push(data.orderEvents.orderId);
        if (seen.length === 60) return;
      }
    })();
    await shop.oneOpened();
    const expected = Array.from({ length: 60 }, (_, at) => `o${at}`);
    for (const [at, id] of expected.entries()) {
      await shop.place(id);
      // Not before the first result has arrived: the client has no resume position before, since it ignores ids.
      if (at === 0) await vi.waitFor(() => expect(seen).toHaveLength(1));
      if (at % 7 === 3) proxy.cut();
    }
    await read;
    expect(seen).toEqual(expected);
    proxy.close();
  });
});

describe("the ids of events", () => {
  const ask = (headers: Record<string, string> = {}, query = "subscription { orderEvents { orderId } }") =>
    fetch(shop.url, {
      method: "POST",
      headers: { "content-type": "application/json", accept: "text/event-stream", ...headers },
      body: JSON.stringify({ query }),
    });
  /** Reads until a number of results has arrived. Returns the ids of orders, and the last event id. */
  const read = async (response: Response, count: number) => {
    const stream = new StreamText(response);
    const text = await stream.until(
      (received) => received.split("event: next").length > count && received.endsWith("\n\n"),
    );
    await stream.cancel();
    return {
      orders: [...text.matchAll(/"orderId":"(\w+)"/g)].map(([, id]) => id),
      last: /.*^id: (\S+)$/ms.exec(text)?.[1] ?? "",
    };
  };

  it("also resume from before the first event, whatever is selected", async () => {
    await shop.place("before");
    const first = await read(await ask(), 0);
    expect(first).toEqual({ orders: [], last: expect.stringMatching(/^1-\w+$/) });
    await shop.place("s1");
    await shop.place("s2");
    const second = await read(await ask({ "last-event-id": first.last }), 1);
    expect(second.orders[0]).toBe("s1");
    const third = await read(await ask({ "last-event-id": "2" }), 1);
    expect(third).toEqual({ orders: ["s2"], last: expect.stringMatching(/^3-\w+$/) });
  });

  it("take precedence over the document", async () => {
    for (const id of ["s1", "s2", "s3"]) await shop.place(id);
    const query = `subscription { orderEvents(after: "0") { orderId } }`;
    expect((await read(await ask({ "last-event-id": "2" }, query), 1)).orders).toEqual(["s3"]);
  });

  it("of a store that was emptied are refused, instead of a silent gap", async () => {
    await shop.place("s1");
    const { last } = await read(await ask({ "last-event-id": "0" }), 1);
    await shop.stop();
    await open();
    for (const id of ["s1", "s2"]) await shop.place(id);
    for (const lost of [last, "99"]) {
      const text = await (await ask({ "last-event-id": lost })).text();
      expect(text).toContain('"code":"OUT_OF_RANGE"');
      expect(text).toContain("POSITION_LOST");
    }
  });

  it("that are invalid are refused", async () => {
    const text = await (await ask({ "last-event-id": "yesterday" })).text();
    expect(text).toContain('"code":"INVALID_ARGUMENT"');
    expect(text).toContain("event: complete");
  });
});

describe("a client that does not read", () => {
  it("is disconnected, and holds no more than the data in transit", async () => {
    await shop.stop();
    await open({ writeTimeout: 100 });
    for (let at = 0; at < 100; at++) await shop.place(`o${at}`, 400);
    const lines = Array.from({ length: 20 }, (_, at) => `lines${at}: lines { sku quantity unitPrice }`).join(" ");
    const query = `subscription { orderEvents(after: "0") { event { ... on OrderPlaced { ${lines} } } } }`;
    const body = JSON.stringify({ query });
    const socket = connect(shop.server.port, "127.0.0.1", () => {
      socket.write(
        `POST /graphql HTTP/1.1\r\nhost: x\r\naccept: text/event-stream\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
      );
    });
    const closed = new Promise((resolve) => socket.on("close", resolve).on("error", () => {}));
    socket.pause();
    await shop.oneOpened();
    await shop.allClosed();
    let received = 0;
    socket.on("data", (chunk) => {
      received += chunk.length;
    });
    socket.resume();
    await closed;
    // The size of the kernel's buffers. All events would be more than 40 MB.
    expect(received).toBeLessThan(20_000_000);
  });
});
