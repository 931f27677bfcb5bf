import createClient from "openapi-fetch";
import { readEvents } from "./events.js";
import type { components, paths } from "./gen/shop.js";
import type { LiveShop } from "./live-shop.js";

type Schemas = components["schemas"];
type OrderView = Schemas["shop.orders.v1.OrderView"];
type CheckoutProgress = Schemas["shop.checkout.v1.CheckoutProgress"];

/** The client's result of each step, under a name that describes the expected one. */
export type Outcome = Awaited<ReturnType<typeof driveShop>>;

/** Calls every operation of the shop by a client that was generated from its document. */
export async function driveShop(shop: LiveShop, fetch: (request: Request) => Promise<Response>) {
  const client = createClient<paths>({ baseUrl: shop.url, fetch });
  const orders = await driveOrders(client);
  const payments = await drivePayments(client);
  const stock = await driveStock(client, shop);
  const checkouts = await driveCheckouts(client);
  const waits = await driveWaits(client);
  return { ...orders, ...payments, ...stock, ...checkouts, ...waits };
}

type Client = ReturnType<typeof createClient<paths>>;

const lines: Schemas["shop.orders.v1.OrderLine"][] = [{ sku: "teapot", quantity: 2, unitPrice: "1999" }];
const order = (orderId: string) => ({ orderId, customerEmail: "ada@example.com", lines });
const at = (orderId: string) => ({ params: { path: { orderId } } });

async function driveOrders(client: Client) {
  const placed = await client.POST("/v1/orders", { body: order("o1") });
  const placedAgain = await client.POST("/v1/orders", { body: order("o1") });
  const placedWrongly = await client.POST("/v1/orders", { body: { ...order("o2"), customerEmail: "nobody" } });
  const tooDear = { ...order("o3"), lines: [{ sku: "teapot", quantity: 2, unitPrice: "5262401686519305116" }] };
  const placedTooDear = await client.POST("/v1/orders", { body: tooDear });
  const got = await client.GET("/v1/orders/{orderId}", at("o1"));
  const gotNone = await client.GET("/v1/orders/{orderId}", at("none"));
  await client.POST("/v1/orders", { body: order("o2") });
  const page = { status: "ORDER_STATUS_PLACED", pageSize: 1 } as const;
  const listed = await client.GET("/v1/orders", { params: { query: page } });
  const pageToken = listed.data?.nextPageToken ?? "";
  const listedNext = await client.GET("/v1/orders", { params: { query: { ...page, pageToken } } });
  const listedTooMany = await client.GET("/v1/orders", { params: { query: { pageSize: 1001 } } });

  const watch = await client.GET("/v1/orders/{orderId}:watch", { ...at("o1"), parseAs: "stream" });
  const watched: OrderView[] = [];
  let shipped: Awaited<ReturnType<typeof ship>> | undefined;
  for await (const { data } of readEvents(watch.data as ReadableStream<Uint8Array>)) {
    watched.push(JSON.parse(data) as OrderView);
    if (watched.length === 2) break;
    shipped = await ship(client, "o1");
  }
  const shippedAgain = await ship(client, "o1");
  const cancelledTooLate = await client.POST("/v1/orders/{orderId}:cancel", { ...at("o1"), body: { reason: "late" } });
  const cancelled = await client.POST("/v1/orders/{orderId}:cancel", {
    ...at("o2"),
    body: { reason: "mind changed" },
  });
  return {
    placed,
    placedAgain,
    placedWrongly,
    placedTooDear,
    got,
    gotNone,
    listed,
    listedNext,
    listedTooMany,
    watched,
    shipped,
    shippedAgain,
    cancelledTooLate,
    cancelled,
  };
}

function ship(client: Client, orderId: string) {
  return client.POST("/v1/orders/{orderId}:ship", { ...at(orderId), body: {} });
}

async function drivePayments(client: Client) {
  const charge = { orderId: "o1", amount: "3998", cardToken: "tok" };
  const charged = await client.POST("/v1/payments", { body: charge });
  const declined = await client.POST("/v1/payments", { body: { ...charge, cardToken: "declined" } });
  const chargedNothing = await client.POST("/v1/payments", { body: { ...charge, amount: "0" } });
  const refunded = await client.POST("/v1/payments/{orderId}:refund", { ...at("o1"), body: {} });
  return { charged, declined, chargedNothing, refunded };
}

async function driveStock(client: Client, shop: LiveShop) {
  const of = { params: { path: { sku: "teapot" } } };
  const replenished = await client.POST("/v1/stock/{sku}:replenish", { ...of, body: { quantity: 10 } });
  const reserved = await client.POST("/v1/stock/{sku}:reserve", { ...of, body: { orderId: "o1", quantity: 4 } });
  const outOfStock = await client.POST("/v1/stock/{sku}:reserve", { ...of, body: { orderId: "o2", quantity: 7 } });
  const released = await client.POST("/v1/stock/{sku}:release", { ...of, body: { orderId: "o1" } });
  const reservedOfNobody = await client.POST("/v1/stock/{sku}:reserve", { ...of, body: { orderId: "", quantity: 1 } });
  const crate = { params: { path: { sku: "pins" } } };
  await client.POST("/v1/stock/{sku}:replenish", { ...crate, body: { quantity: 4294967295 } });
  const overfilled = await client.POST("/v1/stock/{sku}:replenish", { ...crate, body: { quantity: 10 } });
  await shop.waitForProjections();
  const counted = await client.GET("/v1/stock/{sku}", of);
  const countedNone = await client.GET("/v1/stock/{sku}", { params: { path: { sku: "none" } } });
  return { replenished, reserved, outOfStock, released, reservedOfNobody, overfilled, counted, countedNone };
}

async function driveCheckouts(client: Client) {
  await client.POST("/v1/stock/{sku}:replenish", { params: { path: { sku: "cup" } }, body: { quantity: 10 } });
  const cups = [{ sku: "cup", quantity: 2, unitPrice: "499" }];
  const checkedOut = await client.POST("/v1/checkouts", {
    body: { ...order("c1"), lines: cups, cardToken: "tok" },
  });
  const watch = await client.GET("/v1/checkouts/{orderId}:watch", { ...at("c1"), parseAs: "stream" });
  let watchedCheckout: CheckoutProgress | undefined;
  for await (const { data } of readEvents(watch.data as ReadableStream<Uint8Array>)) {
    watchedCheckout = JSON.parse(data) as CheckoutProgress;
    if (watchedCheckout.status !== "CHECKOUT_STATUS_RUNNING") break;
  }
  const gotCheckout = await client.GET("/v1/checkouts/{orderId}", at("c1"));
  return { checkedOut, watchedCheckout, gotCheckout };
}

async function driveWaits(client: Client) {
  const header = { "Potter-Wait-For": "OrderCancelled", Prefer: "respond-async" };
  const pending = await client.POST("/v1/orders", { body: order("w1"), params: { header } });
  const token = pending.response.headers.get("potter-wait-token") ?? "";
  const resumed = await client.GET("/potter/v1/waits/{token}", {
    params: { path: { token }, header: { "Potter-Wait": 0 } },
  });
  return { pending, resumed };
}
