// The generated clients wait for what their commands lead to, over each transport.
import { type Client, connectTransport, createClient, type Transport } from "@potter/client";
import { grpcTransport } from "@potter/client/grpc";
import { localTransport } from "@potter/client/local";
import { restTransport } from "@potter/client/rest";
import { webSocketTransport } from "@potter/client/websocket";
import { type App, memory } from "@potter/runtime";
import { type RunningServer, serve } from "@potter/runtime/node";
import { ws } from "@potter/runtime/ws";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { startCheckout } from "../gen/shop/checkout/v1/checkout_client.js";
import {
  getOrder,
  OrderCancelled,
  OrderShipped,
  placeOrder,
  shipOrder,
  watchOrder,
} from "../gen/shop/orders/v1/orders_client.js";
import { getStock, replenish, StockService, StockView } from "../gen/shop/stock/v1/stock_client.js";
import { StockView as StockViewModel } from "../gen/shop/stock/v1/stock_cqrs.js";
import { createShop } from "./app.js";

let app: App;
let server: RunningServer;
let client: Client;

const transports: Readonly<Record<string, () => Transport>> = {
  Connect: () => connectTransport({ baseUrl: server.url }),
  REST: () => restTransport({ baseUrl: server.url }),
  gRPC: () => grpcTransport({ baseUrl: server.url }),
  WebSocket: () => webSocketTransport({ url: `${server.url.replace("http", "ws")}/ws`, webSocket: WebSocket }),
  "the same process": () => localTransport(app),
};

const order = {
  customerEmail: "ada@example.com",
  lines: [{ sku: "kettle", quantity: 1, unitPrice: "4900" }],
};

beforeAll(async () => {
  app = createShop(memory());
  server = await serve(app, { webSockets: ws() });
});

afterAll(() => server.stop());

describe.each(Object.entries(transports))("over %s", (name, open) => {
  const sku = `cup of ${name}`;

  beforeEach(() => {
    client = createClient({ transport: open() });
  });
  afterEach(() => client.close());

  it("a command is awaited in a read model", async () => {
    const outcome = await replenish(client, { sku, quantity: 5 }).until({ applied: [StockView] });
    expect(outcome).toMatchObject({ state: "reached", response: { available: 5 }, version: 1 });
    expect(await getStock(client, { sku })).toMatchObject({ available: 5 });
  });

  it("what takes too long is pending, and is resumed by its token", async () => {
    await app.projection(StockViewModel).pause();
    const outcome = await replenish(client, { sku, quantity: 1 }).until({ applied: [StockView] }, { within: 20 });
    if (outcome.state !== "pending") throw new Error("expected it to be pending");
    expect(outcome.response).toEqual({ available: 6 });
    expect(await client.wait(outcome.token, { within: 10 })).toMatchObject({ state: "pending" });
    await app.projection(StockViewModel).resume();
    expect(await client.wait(outcome.token)).toMatchObject({ state: "reached", position: expect.any(String) });
    expect(await getStock(client, { sku })).toMatchObject({ available: 6 });
  });

  it("a command is awaited by the event that a process of several commands leads to", async () => {
    await replenish(client, { sku: "kettle", quantity: 1 });
    const outcome = await startCheckout(client, { ...order, cardToken: "tok_visa" }).until({
      event: [OrderShipped, OrderCancelled],
    });
    expect(outcome).toMatchObject({
      state: "reached",
      event: { typeName: "shop.orders.v1.OrderShipped", data: { orderId: outcome.response.orderId } },
    });
  });

  it("a command is awaited in a view that a query or a stream shows", async () => {
    const { orderId = "" } = await placeOrder(client, order);
    const condition = { request: { orderId }, where: ({ status = "" }) => status === "ORDER_STATUS_SHIPPED" };
    const shipped = await shipOrder(client, { orderId }).until({ view: getOrder, ...condition });
    expect(shipped).toMatchObject({ state: "reached", view: { orderId, status: "ORDER_STATUS_SHIPPED" } });
    const placed = await placeOrder(client, order).until(
      { ...condition, view: watchOrder, request: (response) => ({ orderId: response.orderId ?? "" }) },
      { within: 50 },
    );
    expect(placed).toMatchObject({ state: "pending", response: { orderId: expect.any(String) } });
  });

  it("a command that is rejected rejects", async () => {
    const waiting = shipOrder(client, { orderId: "none" }).until({ event: [OrderShipped] });
    await expect(waiting).rejects.toMatchObject({ code: "not_found" });
  });

  it("the queries of a session see what its commands have changed", async () => {
    const stock = client.session().of(StockService);
    for (let available = 7; available < 12; available++) {
      await Promise.all([stock.replenish({ sku, quantity: 1 }), stock.replenish({ sku: `${sku} 2`, quantity: 1 })]);
      expect(await stock.getStock({ sku })).toMatchObject({ available });
      expect(await stock.getStock({ sku: `${sku} 2` })).toMatchObject({ available: available - 6 });
    }
  });

  it("a session that was waiting in vain tells it", async () => {
    await app.projection(StockViewModel).pause();
    try {
      const session = client.session();
      await replenish(session, { sku, quantity: 1 });
      const outcome = await getStock(session, { sku }, { timeout: 300, retry: false }).safe();
      expect(outcome).toMatchObject({ ok: false });
    } finally {
      await app.projection(StockViewModel).resume();
    }
  });
});
