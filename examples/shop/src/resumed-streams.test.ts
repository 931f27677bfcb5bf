// Streams with positions over transports whose messages have no room for them: what a client sees when the server is replaced, and
// when the connection breaks without a word.

import { type Client, connectTransport, createClient, isPositionLost, type Transport } from "@potter/client";
import { serverStream } from "@potter/client/codegen/v1";
import { grpcTransport } from "@potter/client/grpc";
import { createApp } from "@potter/runtime";
import { type RunningServer, serve } from "@potter/runtime/node";
import { rpc } from "@potter/runtime/rpc";
import { afterEach, expect, it } from "vitest";
import { placeOrder } from "../gen/shop/orders/v1/orders_client.js";
import { parts, store } from "./guides/streaming-orders.fixture.js";

const follow = serverStream<object, { readonly orderId: string }>({ service: "test.v1.Orders", name: "Follow" });

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function start(port = 0): Promise<RunningServer> {
  const server = await serve(createApp({ store, parts, transports: [rpc()] }), { port, drainTimeout: 5_000 });
  ends.push(() => server.stop());
  return server;
}

/** Reads all events from now on, as long as the client is open. */
function read(client: Client, found: string[], lastEventId?: string) {
  const states: string[] = [];
  const onState = (state: string) => states.push(state);
  const stream = follow(client, {}, { onState, ...(lastEventId && { lastEventId }) });
  const done = (async () => {
    for await (const { orderId } of stream) found.push(orderId);
  })();
  const failure = done.catch((error: unknown) => error);
  return { stream, states, failure };
}

const place = (client: Client, orderId: string) =>
  placeOrder(client, { orderId, customerEmail: "a@example.com", lines: [{ sku: "a", quantity: 1, unitPrice: "1" }] });

const transports: readonly (readonly [name: string, (baseUrl: string) => Transport])[] = [
  ["Connect", (baseUrl) => connectTransport({ baseUrl })],
  ["gRPC", (baseUrl) => grpcTransport({ baseUrl })],
];

it.each(transports)(
  "a stream over %s continues when its server is replaced: no gap, no repetition",
  async (name, to) => {
    const server = await start();
    const client = createClient({ transport: to(server.url), retry: { initialDelay: 5, maxDelay: 20 } });
    ends.push(() => client.close());
    await place(client, `${name}-1`);
    const found: string[] = [];
    const reading = read(client, found);
    await expect.poll(() => found.at(-1)).toBe(`${name}-1`);
    const before = found.length;
    await place(client, `${name}-2`);
    await expect.poll(() => found.at(-1)).toBe(`${name}-2`);

    await server.stop();
    await expect.poll(() => reading.states.at(-1)).toBe("reconnecting");
    const next = await start(server.port);
    const other = createClient({ transport: to(next.url) });
    ends.push(() => other.close());
    await place(other, `${name}-3`);

    await expect.poll(() => found.at(-1)).toBe(`${name}-3`);
    expect(found.slice(before - 1)).toEqual([`${name}-1`, `${name}-2`, `${name}-3`]);
    expect(reading.states.slice(0, 3)).toEqual(["connecting", "open", "reconnecting"]);
    expect(reading.stream.state).toBe("open");
  },
);

it("a stream over Connect whose connection breaks without a word fails: it would miss items, or repeat them", async () => {
  const server = await start();
  const controller = new AbortController();
  // As a router that forgets the connection: the request is gone, and nothing says after which item.
  const fetch: typeof globalThis.fetch = (url, init) => globalThis.fetch(url, { ...init, signal: controller.signal });
  const client = createClient({ transport: connectTransport({ baseUrl: server.url, fetch }) });
  ends.push(() => client.close());
  const found: string[] = [];
  const reading = read(client, found);
  await place(createClient({ transport: connectTransport({ baseUrl: server.url }) }), "broken-1");
  await expect.poll(() => found.at(-1)).toBe("broken-1");
  controller.abort();
  const failure = await reading.failure;
  expect(isPositionLost(failure)).toBe(true);
  expect(failure).toMatchObject({ code: "unavailable" });
  expect(reading.states).toEqual(["connecting", "open", "ended"]);
});
