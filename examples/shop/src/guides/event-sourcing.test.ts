// What docs/guides/event-sourcing.md shows, carried out. tests/docs.test.ts holds the two together.
import assert from "node:assert/strict";
import { createHmac, randomUUID } from "node:crypto";
import { type App, createApp, memory, type RecordedEvent, subscribe } from "@potter/runtime";
import { expect, it } from "vitest";
import { Order, OrderService } from "../../gen/shop/orders/v1/orders_cqrs.js";
import { OrderStatus } from "../../gen/shop/orders/v1/orders_pb.js";
import { StockItem, StockService } from "../../gen/shop/stock/v1/stock_cqrs.js";
import { createShop } from "../app.js";
import { order } from "../order.js";

const lines = [{ sku: "teapot", quantity: 2, unitPrice: 1999n }];
const { placeOrder, shipOrder, cancelOrder } = OrderService.methods;
const { replenish } = StockService.methods;

/** The shop with two orders, one of them shipped. */
async function openShop(): Promise<App> {
  const app = createShop(memory());
  await app.send(placeOrder, { orderId: "1", customerEmail: "ada@example.com", lines });
  await app.send(shipOrder, { orderId: "1" });
  await app.send(placeOrder, { orderId: "2", customerEmail: "bob@example.com", lines });
  return app;
}

it("keeps what happened", async () => {
  const app = createShop(memory());
  await app.send(placeOrder, { orderId: "1", customerEmail: "ada@example.com", lines });
  await app.send(shipOrder, { orderId: "1" });

  const history = await app.history(Order, "1");
  assert.deepEqual(
    history.map(({ version, type }) => `${version} ${type}`),
    ["1 order.placed", "2 order.shipped"],
  );
  await app.stop();
});

it("appends at the version that the writer has seen", async () => {
  const app = await openShop();
  const { events } = app.store;
  const stream = { tenant: "", type: StockItem.definition.type, id: "teapot" };
  const context = { correlationId: "stocktaking-7", causationId: "stocktaking-7", metadata: {} };
  const toAppend = (quantity: number) => ({
    id: randomUUID(),
    ...StockItem.event.stockReplenished({ sku: "teapot", quantity }),
  });

  const first = await events.append({ ...context, stream, expectedVersion: 0, events: [toAppend(10)] });
  assert.deepEqual(first, { kind: "appended", version: 1, position: 4 });

  const late = await events.append({ ...context, stream, expectedVersion: 0, events: [toAppend(12)] });
  assert.deepEqual(late, { kind: "conflict", actualVersion: 1, stream });
  await app.stop();
});

it("runs a command once", async () => {
  const app = await openShop();
  const commandId = randomUUID();
  await app.send(replenish, { sku: "teapot", quantity: 10 }, { commandId });
  const again = await app.send(replenish, { sku: "teapot", quantity: 10 }, { commandId });
  assert.equal(again.available, 10);
  await assert.rejects(app.send(replenish, { sku: "teapot", quantity: 11 }, { commandId }), {
    code: "already_exists",
  });
  await app.stop();
});

it("reserves a unique value for one aggregate", async () => {
  const secret = "…";
  const digest = (email: string) => createHmac("sha256", secret).update(email).digest("base64url");

  const oneAtATime = Order.decider({
    initial: () => ({ status: OrderStatus.UNSPECIFIED, customer: "" }),
    unique: {
      openOrderOf: ({ status, customer }) => (status === OrderStatus.PLACED ? customer : undefined),
    },
    evolve: {
      orderPlaced: (_, { customerEmail }) => ({ status: OrderStatus.PLACED, customer: digest(customerEmail) }),
      orderShipped: (state) => ({ ...state, status: OrderStatus.SHIPPED }),
      orderCancelled: (state) => ({ ...state, status: OrderStatus.CANCELLED }),
    },
    decide: {
      placeOrder: (_, { customerEmail }, ctx) => Order.event.orderPlaced({ orderId: ctx.id, customerEmail }),
      shipOrder: (_, __, ctx) => Order.event.orderShipped({ orderId: ctx.id }),
      cancelOrder: (_, __, ctx) => Order.event.orderCancelled({ orderId: ctx.id }),
    },
    reply: { shipOrder: (_, __, ctx) => ({ orderId: ctx.id }) },
    upcast: { orderPlacedV1: ({ orderId, customer }) => ({ orderId, customerEmail: customer }) },
    snapshot: {
      version: 1,
      encode: (state) => Buffer.from(JSON.stringify(state)),
      decode: (bytes) => JSON.parse(Buffer.from(bytes).toString()),
    },
  });
  const app = createApp({ parts: [oneAtATime], unimplemented: [OrderService] });
  await app.send(placeOrder, { orderId: "1", customerEmail: "ada@example.com", lines });
  await assert.rejects(app.send(placeOrder, { orderId: "2", customerEmail: "ada@example.com", lines }), {
    code: "already_exists",
    message: "another Order has this openOrderOf",
  });
  await app.send(cancelOrder, { orderId: "1" });
  await app.send(placeOrder, { orderId: "2", customerEmail: "ada@example.com", lines });
  await app.stop();
});

it("appends to several streams, all or nothing", async () => {
  const app = await openShop();
  const { events } = app.store;
  const shelf = (id: string) => ({ tenant: "", type: StockItem.definition.type, id });
  const move = (sku: string, quantity: number) => ({
    id: randomUUID(),
    ...StockItem.event.stockReplenished({ sku, quantity }),
  });
  const result = await events.appendToStreams({
    correlationId: "move-3",
    causationId: "move-3",
    metadata: { user: "bob" },
    appends: [
      { stream: shelf("teapot"), expectedVersion: 0, events: [move("teapot", 4)] },
      { stream: shelf("cup"), expectedVersion: 0, events: [move("cup", 24)] },
    ],
  });
  assert.deepEqual(result, { kind: "appended", versions: [1, 1], position: 5 });
  await app.stop();
});

it("records the user", async () => {
  const app = await openShop();
  const { events } = app.store;
  await app.send(
    shipOrder,
    { orderId: "2" },
    { correlationId: "checkout-9", causationId: "parcel-4711", metadata: { user: "bob" } },
  );
  const [shipped] = await events.readStream({ tenant: "", type: "order", id: "2" }, { backwards: true, limit: 1 });
  assert.equal(shipped?.correlationId, "checkout-9");
  assert.deepEqual(shipped?.metadata, { user: "bob" });
  await app.stop();
});

it("reads a stream in both directions", async () => {
  const app = await openShop();
  const { events } = app.store;
  const stream = { tenant: "", type: "order", id: "1" };
  const all = await events.readStream(stream);
  const later = await events.readStream(stream, { after: 1 });
  const newest = await events.readStream(stream, { backwards: true, limit: 1 });
  assert.deepEqual(
    [all, later, newest].map((found) => found.map(({ version }) => version)),
    [[1, 2], [2], [2]],
  );

  const [first] = all;
  const placed = first && app.decodeEvent(first);
  assert.match(JSON.stringify(placed?.toJson()), /"customerEmail":"ada@example.com"/);
  await app.stop();
});

it("reads everything, in one order", async () => {
  const app = await openShop();
  const { events } = app.store;
  const seen: string[] = [];
  let position = 0;
  for (;;) {
    const slice = await events.readAll(position, 500, { streamTypes: ["order"] });
    if (slice.position === position) break;
    for (const event of slice.events) seen.push(event.type);
    position = slice.position;
  }
  assert.deepEqual(seen, ["order.placed", "order.shipped", "order.placed"]);
  assert.equal(position, await events.head());
  await app.stop();
});

it("follows new events", async () => {
  const app = await openShop();
  const mailed: string[] = [];
  const mail = async (event: RecordedEvent) => mailed.push(event.stream.id);
  const stopping = new AbortController();
  let position = 0;
  const following = (async () => {
    const filter = { types: ["order.shipped"] };
    for await (const slice of subscribe(app.store.events, { after: position, filter, signal: stopping.signal })) {
      for (const event of slice.events) await mail(event);
      position = slice.position; // where to resume after a restart
    }
  })();
  await app.send(shipOrder, { orderId: "2" });
  await expect.poll(() => mailed).toEqual(["1", "2"]);
  stopping.abort();
  await following;
  assert.equal(position, 4);
  await app.stop();
});

it("keeps snapshots, and puts what they stand for away", async () => {
  const app = await openShop();
  const { events } = app.store;
  const stream = { tenant: "", type: "order", id: "1" };
  const { version: stateVersion, encode } = order.decider.snapshot;
  const state = { $typeName: "shop.orders.v1.Order" as const, orderId: "1", status: OrderStatus.SHIPPED };
  await events.saveSnapshot(stream, { version: 2, stateVersion, state: encode(state) });

  const { snapshot } = await events.loadStream(stream, { stateVersion });
  if (snapshot) assert.equal(await events.archiveEvents(stream, snapshot.version), 2);

  const all = await events.readStream(stream);
  assert.equal(all.length, 2);
  await assert.rejects(app.send(shipOrder, { orderId: "1" }), { code: "failed_precondition" });
  await app.stop();
});

it("closes a stream for good", async () => {
  const app = await openShop();
  const { events } = app.store;
  const [stream] = await events.listStreams({ type: "order", limit: 1 });
  if (stream) await events.closeStream(stream.stream, stream.version);
  await assert.rejects(app.send(cancelOrder, { orderId: "1" }), { code: "failed_precondition" });
  await app.stop();
});

it("copies a store", async () => {
  const app = await openShop();
  const target = memory();
  await target.start();
  let position = 0;
  for (;;) {
    const slice = await app.rawStore.events.readAll(position, 500);
    if (slice.position === position) break;
    await target.events.importEvents(slice.events);
    position = slice.position;
  }
  assert.equal(await target.events.head(), 3);
  await app.stop();
});
