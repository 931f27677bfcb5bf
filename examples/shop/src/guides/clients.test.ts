// What docs/guides/clients.md shows, carried out. tests/docs.test.ts holds the two together.
import { connectTransport, createClient, type Interceptor, route } from "@potter/client";
import { localTransport } from "@potter/client/local";
import { mockTransport } from "@potter/client/mock";
import { restTransport } from "@potter/client/rest";
import { webSocketTransport } from "@potter/client/websocket";
import { type App, memory } from "@potter/runtime";
import { type RunningServer, serve } from "@potter/runtime/node";
import { ws } from "@potter/runtime/ws";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { WebSocket } from "ws";
import { startCheckout } from "../../gen/shop/checkout/v1/checkout_client.js";
import {
  getOrder,
  OrderCancelled,
  OrderService,
  OrderShipped,
  placeOrder,
  shipOrder,
} from "../../gen/shop/orders/v1/orders_client.js";
import { StockService, StockView } from "../../gen/shop/stock/v1/stock_client.js";
import { createShop } from "../app.js";

let app: App;
let server: RunningServer;
let baseUrl: string;

beforeAll(async () => {
  app = createShop(memory());
  server = await serve(app, { webSockets: ws() });
  baseUrl = server.url;
});

afterAll(() => server.stop());

const toPlace = {
  customerEmail: "ada@example.com",
  lines: [{ sku: "teapot", quantity: 1, unitPrice: "1999" }],
};

it("calls methods, as functions and by an object", async () => {
  const client = createClient({ transport: connectTransport({ baseUrl }) });

  const { orderId = "" } = await placeOrder(client, toPlace);

  const orders = client.of(OrderService);
  const order = await orders.getOrder({ orderId });

  expect(order).toMatchObject({ orderId, status: "ORDER_STATUS_PLACED" });

  const { response, version } = await orders.shipOrder({ orderId }).result();

  expect([response.orderId, version]).toEqual([orderId, 2]);
});

it("tells errors apart", async () => {
  const orders = createClient({ transport: connectTransport({ baseUrl }) }).of(OrderService);
  const { orderId = "" } = await orders.placeOrder(toPlace);
  const show = vi.fn();

  const outcome = await orders.placeOrder({ ...toPlace, orderId }).safe();
  if (outcome.ok) show(outcome.value.orderId);
  else if (outcome.error.name === "orderAlreadyPlaced") show(outcome.error.detail.orderId);
  else if (outcome.error.name === "invalid_argument") show(outcome.error.violations);
  else throw outcome.error;

  expect(show).toHaveBeenCalledWith(orderId);
});

it("limits, cancels and repeats", async () => {
  const controller = new AbortController();
  const transport = connectTransport({ baseUrl });

  const client = createClient({
    transport,
    timeout: 10_000,
    retry: { attempts: 6, maxDelay: 2_000 },
  });
  const orders = client.of(OrderService);

  const { orderId = "" } = await orders.placeOrder(toPlace, { commandId: "place-1" });
  await orders.cancelOrder({ orderId }, { expectedVersion: 1, timeout: 2_000, signal: controller.signal });

  expect(await orders.placeOrder(toPlace, { commandId: "place-1" })).toEqual({ orderId });
});

it("reads lists and streams", async () => {
  const orders = createClient({ transport: restTransport({ baseUrl }) }).of(OrderService);
  const { orderId = "" } = await orders.placeOrder(toPlace);
  const show = vi.fn();
  const showConnection = vi.fn();

  for await (const order of orders.listOrders({ pageSize: 100 })) show(order);

  for await (const { orders: page = [] } of orders.listOrders({}).pages()) show(page[0] ?? {});

  show.mockReset();
  show.mockImplementationOnce(() => orders.shipOrder({ orderId }));

  const watch = orders.watchOrder(
    { orderId },
    { idleTimeout: 300_000, onState: (state, { attempt, error }) => showConnection(state, attempt, error?.code) },
  );
  for await (const order of watch) {
    show(order);
    if (order.status === "ORDER_STATUS_SHIPPED") break;
  }

  expect(show.mock.calls.length).toBe(2);
  expect(showConnection.mock.calls).toEqual([
    ["connecting", 1, undefined],
    ["open", undefined, undefined],
    ["ended", undefined, undefined],
  ]);
});

it("waits for what a command leads to", async () => {
  const client = createClient({ transport: connectTransport({ baseUrl }) });
  const stock = client.of(StockService);
  const show = vi.fn();
  const keep = vi.fn();

  await stock.replenish({ sku: "teapot", quantity: 5 }).until({ applied: [StockView] });
  const { available } = await stock.getStock({ sku: "teapot" });

  expect(available).toBe(5);

  const outcome = await startCheckout(client, { ...toPlace, cardToken: "tok_visa" }).until(
    { event: [OrderShipped, OrderCancelled] },
    { within: 5_000 },
  );
  if (outcome.state === "pending") keep(outcome.token);
  else if (outcome.event.typeName === "shop.orders.v1.OrderShipped") show(outcome.event.data?.shippedAt);
  else show("the order was cancelled");

  expect(show).toHaveBeenCalledWith(expect.stringMatching(/^2/));

  const { orderId = "" } = await placeOrder(client, toPlace);
  const shipped = await shipOrder(client, { orderId }).until({
    view: getOrder,
    request: { orderId },
    where: ({ status }) => status === "ORDER_STATUS_SHIPPED",
  });

  expect(shipped).toMatchObject({ state: "reached", view: { orderId } });

  const session = client.session();
  await session.of(StockService).replenish({ sku: "teapot", quantity: 1 });
  const seen = await session.of(StockService).getStock({ sku: "teapot" });

  expect(seen.available).toBe(5);
});

it("resumes a wait by its token", async () => {
  const client = createClient({ transport: connectTransport({ baseUrl }) });
  const outcome = await client
    .of(StockService)
    .replenish({ sku: "cup", quantity: 5 })
    .until({ applied: [StockView] }, { within: 0 });
  const token = (outcome.state === "pending" && outcome.token) || "";
  if (token === "") return expect(outcome.state).toBe("reached");

  const { state } = await client.wait(token, { within: 30_000 });

  return expect(state).toBe("reached");
});

it("surrounds calls, and sends tokens", async () => {
  const record = vi.fn();
  const fetchToken = vi.fn(async () => "s3cret");

  const timing: Interceptor = async (call, next) => {
    const began = performance.now();
    try {
      return await next({ ...call, headers: { ...call.headers, "x-page": "checkout" } });
    } finally {
      record(call.method.name, performance.now() - began);
    }
  };

  let known: string | undefined;
  const client = createClient({
    transport: connectTransport({ baseUrl }),
    interceptors: [timing],
    token: async ({ renew }) => {
      if (renew || known === undefined) known = await fetchToken();
      return known;
    },
  });

  await placeOrder(client, toPlace);
  expect(record).toHaveBeenCalledWith("PlaceOrder", expect.any(Number));
  expect(fetchToken).toHaveBeenCalledOnce();
});

it("chooses transports", async () => {
  const url = `${baseUrl.replace("http", "ws")}/ws`;

  const socket = webSocketTransport({ url, webSocket: WebSocket });
  const http = connectTransport({ baseUrl });
  const client = createClient({ transport: route(({ method }) => (method.stream === "unary" ? http : socket)) });

  const { orderId = "" } = await placeOrder(client, toPlace);
  for await (const order of client.of(OrderService).watchOrder({ orderId })) {
    expect(order.orderId).toBe(orderId);
    break;
  }
  await client.close();

  const local = createClient({ transport: localTransport(app, { caller: { user: "ada" } }) });

  expect(await getOrder(local, { orderId })).toMatchObject({ orderId });
});

it("answers by functions in tests", async () => {
  const transport = mockTransport()
    .on(getOrder)
    .answer(({ orderId = "" }) => ({ orderId, status: "ORDER_STATUS_SHIPPED" }))
    .on(placeOrder)
    .reject("orderAlreadyPlaced", { orderId: "1" });
  const client = createClient({ transport });

  expect(await getOrder(client, { orderId: "1" })).toEqual({ orderId: "1", status: "ORDER_STATUS_SHIPPED" });
  expect(await placeOrder(client, {}).safe()).toMatchObject({ error: { name: "orderAlreadyPlaced" } });
  expect(transport.calls.map(({ method }) => method.name)).toEqual(["GetOrder", "PlaceOrder"]);
});
