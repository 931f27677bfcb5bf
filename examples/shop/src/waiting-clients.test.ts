// The generated client waits for what its commands lead to, on two replicas of the shop and over each transport.
import { connectTransport, createClient, type Transport } from "@potter/client";
import { grpcTransport } from "@potter/client/grpc";
import { localTransport } from "@potter/client/local";
import { restTransport } from "@potter/client/rest";
import { webSocketTransport } from "@potter/client/websocket";
import { type App, createApp, memory, rest, type Store, waits } from "@potter/runtime";
import { type RunningServer, serve } from "@potter/runtime/node";
import { rpc } from "@potter/runtime/rpc";
import { webSocket } from "@potter/runtime/websocket";
import { ws } from "@potter/runtime/ws";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import {
  getOrder,
  OrderCancelled,
  OrderShipped,
  OrderView,
  placeOrder,
  shipOrder,
} from "../gen/shop/orders/v1/orders_client.js";
import * as contract from "../gen/shop/orders/v1/orders_cqrs.js";
import { OrderStatus } from "../gen/shop/orders/v1/orders_pb.js";
import { order } from "./order.js";
import { orderQueries } from "./order-views.js";

/** As in the shop, but async, so that there is something to wait for. */
const orderViews = contract.OrderView.projection({
  on: {
    orderPlaced: ({ orderId }, rows) => rows.upsert({ orderId, status: OrderStatus.PLACED }),
    orderShipped: ({ orderId }, rows) => rows.update(orderId, { status: OrderStatus.SHIPPED }),
    orderCancelled: ({ orderId }, rows) => rows.update(orderId, { status: OrderStatus.CANCELLED }),
  },
});

interface Replica {
  readonly app: App;
  readonly server: RunningServer;
}

async function openReplica(store: Store): Promise<Replica> {
  const app = createApp({
    parts: [order, orderViews, orderQueries],
    store: { ...store, start: async () => {}, stop: async () => {} },
    transports: [rest(), rpc(), webSocket()],
    waits: waits({ events: [contract.OrderShipped] }),
  });
  return { app, server: await serve(app, { port: 0, webSockets: ws() }) };
}

const transports: Readonly<Record<string, (replica: Replica) => Transport>> = {
  REST: ({ server }) => restTransport({ baseUrl: server.url }),
  Connect: ({ server }) => connectTransport({ baseUrl: server.url }),
  gRPC: ({ server }) => grpcTransport({ baseUrl: server.url }),
  WebSocket: ({ server }) =>
    webSocketTransport({ url: `${server.url.replace("http", "ws")}/ws`, webSocket: WebSocket }),
  "calls in the same process": ({ app }) => localTransport(app),
};

const orderOf = (orderId: string) => ({
  orderId,
  customerEmail: "ada@example.com",
  lines: [{ sku: "teapot", quantity: 1, unitPrice: "1" }],
});

describe.each(Object.entries(transports))("over %s", (_, open) => {
  let store: Store;
  let one: Replica;
  let two: Replica;
  const clients: { close(): Promise<void> }[] = [];
  const clientOf = (transport: Transport) => {
    const client = createClient({ transport });
    clients.push(client);
    return client;
  };

  beforeEach(async () => {
    store = memory();
    await store.start();
    [one, two] = await Promise.all([openReplica(store), openReplica(store)]);
  });
  afterEach(async () => {
    await Promise.all(clients.splice(0).map((client) => client.close()));
    await Promise.all([one, two].map(({ server }) => server.stop()));
    await store.stop();
  });

  it("a session reads its own writes, whichever replica answers", async () => {
    const replicas = [open(one), open(two)];
    let calls = 0;
    const alternating: Transport = {
      send: (call) => (replicas[calls++ % 2] as Transport).send(call),
      close: async () => void (await Promise.all(replicas.map((transport) => transport.close?.()))),
    };
    const session = clientOf(alternating).session();
    await Promise.all(["a", "b", "c"].map((orderId) => placeOrder(session, orderOf(orderId))));
    for (const orderId of ["a", "b", "c"]) {
      expect(await getOrder(session, { orderId })).toMatchObject({ status: "ORDER_STATUS_PLACED" });
      await shipOrder(session, { orderId });
      expect(await getOrder(session, { orderId })).toMatchObject({ status: "ORDER_STATUS_SHIPPED" });
    }
  });

  it("a command waits for a read model, and for the first of some events", async () => {
    const client = clientOf(open(one));
    const placed = await placeOrder(client, orderOf("a")).until({ applied: [OrderView] });
    expect(placed).toMatchObject({ state: "reached", response: { orderId: "a" }, position: expect.any(String) });
    expect(await getOrder(clientOf(open(two)), { orderId: "a" })).toMatchObject({ status: "ORDER_STATUS_PLACED" });
    const shipped = await shipOrder(client, { orderId: "a" }).until({ event: [OrderShipped, OrderCancelled] });
    expect(shipped).toMatchObject({
      state: "reached",
      event: { typeName: "shop.orders.v1.OrderShipped", data: { orderId: "a" } },
    });
  });

  it("what is pending is resumed by its token, on another replica", async () => {
    await one.app.projection(contract.OrderView).pause();
    const placed = await placeOrder(clientOf(open(one)), orderOf("a")).until({ applied: [OrderView] }, { within: 50 });
    expect(placed).toMatchObject({ state: "pending", response: { orderId: "a" }, token: expect.any(String) });
    const other = clientOf(open(two));
    const token = placed.state === "pending" ? placed.token : "";
    expect(await other.wait(token, { within: 100 })).toMatchObject({ state: "pending" });
    await one.app.projection(contract.OrderView).resume();
    expect(await other.wait(token)).toMatchObject({ state: "reached", position: placed.position });
  });
});
