// The generated clients call the shop over each transport: on a Node server, and in the same process.
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
import {
  OrderService,
  type OrderStatus,
  placeOrder,
  shipOrder,
  watchOrder,
} from "../gen/shop/orders/v1/orders_client.js";
import { StockService } from "../gen/shop/stock/v1/stock_client.js";
import { createShop } from "./app.js";

let app: App;
let server: RunningServer;
let client: Client;

const order = (orderId: string) => ({
  orderId,
  customerEmail: "ada@example.com",
  lines: [{ sku: "teapot", quantity: 2, unitPrice: "1999" }],
});

const transports: Readonly<Record<string, () => Transport>> = {
  Connect: () => connectTransport({ baseUrl: server.url }),
  "Connect without GET": () => connectTransport({ baseUrl: server.url, get: false }),
  REST: () => restTransport({ baseUrl: server.url }),
  gRPC: () => grpcTransport({ baseUrl: server.url }),
  WebSocket: () => webSocketTransport({ url: `${server.url.replace("http", "ws")}/ws`, webSocket: WebSocket }),
  "the same process": () => localTransport(app),
};

beforeAll(async () => {
  app = createShop(memory());
  server = await serve(app, { webSockets: ws() });
});

afterAll(() => server.stop());

describe.each(Object.entries(transports))("over %s", (name, open) => {
  beforeEach(() => {
    client = createClient({ transport: open() });
  });
  afterEach(() => client.close());

  it("places and ships an order, and reads what it has written", async () => {
    expect(await placeOrder(client, order(`${name} a`))).toEqual({ orderId: `${name} a` });
    const shipped = await shipOrder(client, { orderId: `${name} a` });
    expect(Date.parse(shipped.shippedAt ?? "")).toBeGreaterThan(0);
    await app.waitForProjections();
    const view = await client.of(OrderService).getOrder({ orderId: `${name} a` });
    expect(view).toMatchObject({ orderId: `${name} a`, status: "ORDER_STATUS_SHIPPED", total: "3998" });
  });

  it("returns declared errors with their details", async () => {
    const orders = client.of(OrderService);
    await orders.placeOrder(order(`${name} b`));
    const outcome = await orders.placeOrder(order(`${name} b`)).safe();
    expect(outcome).toMatchObject({ ok: false, error: { name: "orderAlreadyPlaced", code: "already_exists" } });
    expect(outcome.error?.detail).toEqual({ orderId: `${name} b` });
    const invalid = await orders.placeOrder({ orderId: `${name} c`, lines: [] }).safe();
    expect(!invalid.ok && invalid.error.violations.map(({ field, rule }) => [field, rule])).toEqual([
      ["customerEmail", "string.email_empty"],
      ["lines", "repeated.min_items"],
    ]);
    const bad = await orders.placeOrder({ ...order(`${name} c`), lines: [{ sku: "teapot", unitPrice: "0" }] }).safe();
    expect(!bad.ok && bad.error.violations.map(({ field }) => field)).toEqual(["lines[0].quantity"]);
  });

  it("carries out a repeated command once", async () => {
    const orders = client.of(OrderService);
    const options = { commandId: `place-${name.replaceAll(" ", "-")}` };
    const responses = [
      await orders.placeOrder(order(`${name} d`), options),
      await orders.placeOrder(order(`${name} d`), options),
    ];
    expect(responses).toEqual([{ orderId: `${name} d` }, { orderId: `${name} d` }]);
  });

  it("lists all pages", async () => {
    for (let at = 0; at < 5; at++) await placeOrder(client, order(`${name} page-${at}`));
    await app.waitForProjections();
    const listed: string[] = [];
    for await (const { orderId = "" } of client.of(OrderService).listOrders({ pageSize: 2 })) listed.push(orderId);
    expect(listed.filter((id) => id.startsWith(`${name} page-`))).toEqual(
      [0, 1, 2, 3, 4].map((at) => `${name} page-${at}`),
    );
  });

  it("follows an order until it is shipped", async () => {
    await placeOrder(client, order(`${name} e`));
    await app.waitForProjections();
    const states: (OrderStatus | undefined)[] = [];
    for await (const { status } of watchOrder(client, { orderId: `${name} e` })) {
      states.push(status);
      if (status === "ORDER_STATUS_SHIPPED") break;
      await shipOrder(client, { orderId: `${name} e` });
    }
    expect(states).toEqual(["ORDER_STATUS_PLACED", "ORDER_STATUS_SHIPPED"]);
  });

  it("calls the services of other files by the same client", async () => {
    const outcome = await client.of(StockService).getStock({ sku: "teapot" }).safe();
    expect(outcome).toMatchObject({ ok: false, error: { name: "not_found" } });
  });
});
