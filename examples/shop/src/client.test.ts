// The generated clients call the shop, which runs on a Node server, over REST and over Connect.
import { type Client, connectTransport, createClient, type Transport } from "@potter/client";
import { restTransport } from "@potter/client/rest";
import { type App, memory } from "@potter/runtime";
import { type RunningServer, serve } from "@potter/runtime/node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  OrderCancelled,
  OrderService,
  OrderShipped,
  type OrderStatus,
  OrderView,
  placeOrder,
  shipOrder,
  watchOrder,
} from "../gen/shop/orders/v1/orders_client.js";
import { StockService } from "../gen/shop/stock/v1/stock_client.js";
import { createShop } from "./app.js";

const order = (orderId: string) => ({
  orderId,
  customerEmail: "ada@example.com",
  lines: [{ sku: "teapot", quantity: 2, unitPrice: "1999" }],
});

const transports: Readonly<Record<string, (baseUrl: string) => Transport>> = {
  REST: (baseUrl) => restTransport({ baseUrl }),
  Connect: (baseUrl) => connectTransport({ baseUrl }),
};

describe.each(Object.entries(transports))("the client over %s", (_, transport) => {
  let app: App;
  let server: RunningServer;
  let client: Client;

  beforeAll(async () => {
    app = createShop(memory());
    server = await serve(app);
    client = createClient({ transport: transport(server.url) });
  });

  afterAll(async () => {
    await client.close();
    await server.stop();
  });

  it("places and ships an order, and reads what it has written", async () => {
    expect(await placeOrder(client, order("a"))).toEqual({ orderId: "a" });
    const shipped = await shipOrder(client, { orderId: "a" });
    expect(Date.parse(shipped.shippedAt ?? "")).toBeGreaterThan(0);
    await app.waitForProjections();
    const view = await client.of(OrderService).getOrder({ orderId: "a" });
    expect(view).toMatchObject({ orderId: "a", status: "ORDER_STATUS_SHIPPED", total: "3998" });
  });

  it("returns declared errors with their details", async () => {
    const orders = client.of(OrderService);
    await orders.placeOrder(order("b"));
    const outcome = await orders.placeOrder(order("b")).safe();
    expect(outcome).toMatchObject({ ok: false, error: { name: "orderAlreadyPlaced", code: "already_exists" } });
    if (!outcome.ok && outcome.error.name === "orderAlreadyPlaced") expect(outcome.error.detail.orderId).toBe("b");
    const invalid = await orders.placeOrder({ orderId: "c", lines: [] }).safe();
    expect(!invalid.ok && invalid.error.violations.map(({ rule }) => rule)).toEqual([
      "string.email_empty",
      "repeated.min_items",
    ]);
  });

  it("carries out a repeated command once", async () => {
    const orders = client.of(OrderService);
    const options = { commandId: "place-d" };
    const responses = [await orders.placeOrder(order("d"), options), await orders.placeOrder(order("d"), options)];
    expect(responses).toEqual([{ orderId: "d" }, { orderId: "d" }]);
  });

  it("lists all pages", async () => {
    for (let at = 0; at < 5; at++) await placeOrder(client, order(`page-${at}`));
    await app.waitForProjections();
    const listed: string[] = [];
    for await (const { orderId = "" } of client.of(OrderService).listOrders({ pageSize: 2 })) listed.push(orderId);
    expect(listed.filter((id) => id.startsWith("page-"))).toEqual([0, 1, 2, 3, 4].map((at) => `page-${at}`));
  });

  it("follows an order until it is shipped", async () => {
    await placeOrder(client, order("e"));
    await app.waitForProjections();
    const states: (OrderStatus | undefined)[] = [];
    for await (const { status } of watchOrder(client, { orderId: "e" })) {
      states.push(status);
      if (status === "ORDER_STATUS_SHIPPED") break;
      await shipOrder(client, { orderId: "e" });
    }
    expect(states).toEqual(["ORDER_STATUS_PLACED", "ORDER_STATUS_SHIPPED"]);
  });

  it("calls the services of other files by the same client", async () => {
    const outcome = await client.of(StockService).getStock({ sku: "teapot" }).safe();
    expect(outcome).toMatchObject({ ok: false, error: { name: "not_found" } });
  });

  it("waits for read models and events, and reads its own writes", async () => {
    const applied = await placeOrder(client, order("f")).until({ applied: [OrderView] });
    expect(applied.state).toBe("reached");
    expect(await client.of(OrderService).getOrder({ orderId: "f" })).toMatchObject({ status: "ORDER_STATUS_PLACED" });
    const shipped = await shipOrder(client, { orderId: "f" }).until({ event: [OrderShipped, OrderCancelled] });
    expect(shipped).toMatchObject({ state: "reached", event: { typeName: "shop.orders.v1.OrderShipped" } });
    const session = client.session();
    await placeOrder(session, order("g"));
    expect(await session.of(OrderService).getOrder({ orderId: "g" })).toMatchObject({ orderId: "g" });
  });
});
