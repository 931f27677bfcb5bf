// What docs/guides/projections.md shows, carried out. tests/docs.test.ts holds the two together.
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { type App, createApp, type ExternalTarget, isPotterError, memory, PotterError } from "@potter/runtime";
import { getKysely, sqlProjection, type TableSchema } from "@potter/runtime/kysely";
import { pglite } from "@potter/runtime/pglite";
import { expect, it } from "vitest";
import { OrderService, OrderView } from "../../gen/shop/orders/v1/orders_cqrs.js";
import { StockService, StockView } from "../../gen/shop/stock/v1/stock_cqrs.js";
import { createShop } from "../app.js";
import { order } from "../order.js";
import { orderQueries, orderViews } from "../order-views.js";
import { stockItem, stockQueries } from "../stock.js";

const { replenish, reserve, getStock } = StockService.methods;
const lines = [{ sku: "teapot", quantity: 2, unitPrice: 1999n }];

it("lets a caller read its own writes", async () => {
  const app = createShop(memory());
  await app.send(replenish, { sku: "teapot", quantity: 10 }, { waitFor: [StockView] });
  const stock = await app.query(getStock, { sku: "teapot" });
  assert.equal(stock.available, 10);

  await app.send(replenish, { sku: "cup", quantity: 24 });
  await app.waitForProjections();
  assert.equal((await app.query(getStock, { sku: "cup" })).available, 24);
  await app.stop();
});

it("reports its status, pauses and resumes", async () => {
  const app = createShop(memory());
  await app.send(replenish, { sku: "teapot", quantity: 10 }, { waitFor: ["StockView"] });
  const gauges = new Map<string, object>();
  const gauge = (name: string, figures: object) => gauges.set(name, figures);
  for (const { name, state, position, lag, deadLetters } of app.projections) {
    gauge(name, { state, position, lag, deadLetters });
  }

  assert.deepEqual(
    [...gauges],
    [
      ["shop.orders.v1.OrderView", { state: "live", position: Number.POSITIVE_INFINITY, lag: 0, deadLetters: 0 }],
      ["shop.stock.v1.StockView", { state: "live", position: 1, lag: 0, deadLetters: 0 }],
    ],
  );

  const stock = app.projection(StockView);
  assert.equal(stock.status?.lag, 0);

  await stock.pause();
  await app.send(replenish, { sku: "teapot", quantity: 2 });
  assert.equal((await app.query(getStock, { sku: "teapot" })).available, 10);
  await stock.resume();
  await app.waitForProjections();
  assert.equal((await app.query(getStock, { sku: "teapot" })).available, 12);
  await app.stop();
});

it("keeps events that it cannot apply as dead letters", async () => {
  let mended = false;
  const views = StockView.projection({
    retries: 0,
    on: {
      stockReplenished: (event, rows) => {
        if (event.sku === "cup" && !mended) throw new RangeError("no cups yet");
        return rows.upsert({ sku: event.sku, available: event.quantity, reserved: 0 });
      },
      stockReserved: () => {},
      stockReleased: () => {},
    },
  });
  const app = createApp({ parts: [stockItem, stockQueries, views] });
  await app.send(replenish, { sku: "cup", quantity: 24 });
  await app.send(replenish, { sku: "cup", quantity: 6 });
  await app.send(replenish, { sku: "teapot", quantity: 10 });
  await app.waitForProjections();
  assert.equal((await app.query(getStock, { sku: "teapot" })).available, 10);

  const stock = app.projection(StockView);
  const deadLetters = await stock.deadLetters();
  assert.deepEqual(
    deadLetters.map(({ key, position, attempts, error }) => [key, position, attempts, error?.split(":")[0]]),
    [
      ["stock/cup", 1, 1, "RangeError"],
      ["stock/cup", 2, 0, undefined],
    ],
  );

  mended = true;
  await stock.retry("stock/cup");
  await expect.poll(() => stock.deadLetters()).toEqual([]);
  assert.equal((await app.query(getStock, { sku: "cup" })).available, 6);

  mended = false;
  await app.send(replenish, { sku: "cup", quantity: 1 });
  await app.waitForProjections();
  assert.equal(await stock.discard("stock/cup"), 1);
  await app.stop();
});

it("rebuilds while the live build answers", async () => {
  const app = createShop(memory());
  await app.send(replenish, { sku: "teapot", quantity: 10 }, { waitFor: [StockView] });
  const stock = app.projection(StockView);
  const { generation } = await stock.rebuild();
  while (stock.status?.generation !== generation) await sleep(100);
  assert.equal(stock.status?.state, "live");
  assert.equal((await app.query(getStock, { sku: "teapot" })).available, 10);
  await app.stop();
});

it("divides the work into shards", async () => {
  const views = StockView.projection({
    shards: 8,
    exclusiveRows: true,
    on: {
      stockReplenished: (event, rows) => rows.upsert({ sku: event.sku, available: event.quantity, reserved: 0 }),
      stockReserved: () => {},
      stockReleased: () => {},
    },
  });
  const app = createApp({ parts: [stockItem, stockQueries, views] });
  await app.send(replenish, { sku: "teapot", quantity: 10 }, { waitFor: [StockView] });
  assert.equal(app.projection(StockView).status?.shards.length, 8);
  await app.stop();
});

it("writes to an external target", async () => {
  const sent = new Map<string, unknown>();
  const searchEngine = {
    bulk: async (changes: readonly { readonly id: string; readonly document: unknown }[]) => {
      for (const { id, document } of changes) sent.set(id, document);
    },
  };
  interface Document {
    readonly id: string;
    readonly skus: readonly string[];
  }

  const search: ExternalTarget<Document> = {
    transactional: false,
    async write(changes) {
      try {
        await searchEngine.bulk(changes.map(({ change }) => ({ id: change.id, document: change })));
      } catch (cause) {
        throw new PotterError("unavailable", "the search engine does not answer", { cause });
      }
    },
  };

  const orderSearch = OrderView.projection<Document>({
    target: search,
    on: {
      orderPlaced: (event, changes) => changes.emit({ id: event.orderId, skus: event.lines.map(({ sku }) => sku) }),
      orderShipped: () => {},
      orderCancelled: () => {},
    },
  });
  const app = createApp({ parts: [order, orderSearch, orderQueries] });
  await app.send(OrderService.methods.placeOrder, { orderId: "1", customerEmail: "ada@example.com", lines });
  await app.waitForProjections();
  assert.deepEqual([...sent], [["1", { id: "1", skus: ["teapot"] }]]);
  await app.stop();
});

interface ShelfTables {
  shelves: { sku: string; available: number; reserved: number };
  reservations: { sku: string; order_id: string; quantity: number; at: Date };
}

const shelves = sqlProjection(StockView, {
  name: "shelves",
  tables: (schema: TableSchema<ShelfTables>) => [
    schema
      .createTable("shelves")
      .addColumn("sku", "text", (column) => column.primaryKey())
      .addColumn("available", "integer", (column) => column.notNull())
      .addColumn("reserved", "integer", (column) => column.notNull()),
    schema
      .createTable("reservations")
      .addColumn("sku", "text", (column) => column.notNull().references("shelves.sku"))
      .addColumn("order_id", "text", (column) => column.notNull())
      .addColumn("quantity", "integer", (column) => column.notNull())
      .addColumn("at", "timestamptz", (column) => column.notNull())
      .addPrimaryKeyConstraint("reservations_key", ["sku", "order_id"]),
    schema.createIndex("reservations_by_order").on("reservations").column("order_id"),
  ],
  on: {
    stockReplenished: ({ sku, quantity }, db) =>
      db
        .insertInto("shelves")
        .values({ sku, available: quantity, reserved: 0 })
        .onConflict((conflict) =>
          conflict.column("sku").doUpdateSet(({ eb, ref }) => ({
            available: eb(ref("shelves.available"), "+", quantity),
          })),
        ),
    stockReserved: async ({ sku, orderId, quantity }, db, { at }) => {
      await db
        .insertInto("reservations")
        .values({ sku, order_id: orderId, quantity, at: new Date(at) })
        .execute();
      await db
        .updateTable("shelves")
        .set(({ eb }) => ({
          available: eb("available", "-", quantity),
          reserved: eb("reserved", "+", quantity),
        }))
        .where("sku", "=", sku)
        .execute();
    },
    stockReleased: ({ sku, orderId, quantity }, db) => [
      db.deleteFrom("reservations").where("sku", "=", sku).where("order_id", "=", orderId),
      db
        .updateTable("shelves")
        .set(({ eb }) => ({
          available: eb("available", "+", quantity),
          reserved: eb("reserved", "-", quantity),
        }))
        .where("sku", "=", sku),
    ],
  },
});

const shelfQueries = StockService.queries({
  getStock: (query, ctx) =>
    shelves
      .view(ctx)
      .selectFrom("shelves")
      .select(["sku", "available", "reserved"])
      .where("sku", "=", query.sku)
      .executeTakeFirst(),
});

it("writes to its own tables", async () => {
  const store = pglite();
  const app: App = createApp({ store, parts: [stockItem, shelves, shelfQueries] });
  await app.send(replenish, { sku: "teapot", quantity: 10 });
  await app.send(reserve, { sku: "teapot", orderId: "1", quantity: 4 }, { waitFor: [StockView] });
  const stock = await app.query(getStock, { sku: "teapot" });
  assert.deepEqual([stock.available, stock.reserved], [6, 4]);

  const db = getKysely<ShelfTables>(app.store).withSchema("potter_shelves_v1");
  assert.equal((await db.selectFrom("reservations").selectAll().execute()).length, 1);
  await app.stop();
});

it("runs in memory", async () => {
  const app = createApp({ parts: [order, orderViews, orderQueries] });
  await app.send(OrderService.methods.placeOrder, { orderId: "1", customerEmail: "ada@example.com", lines });
  await app.waitForProjections();
  const view = await app.query(OrderService.methods.getOrder, { orderId: "1" });
  assert.equal(view.total, 3998n);
  await app.stop();
});

it("reports a wait that was too short", async () => {
  const app = createShop(memory());
  await app.start();
  await app.projection(StockView).pause();
  const error = await app
    .send(replenish, { sku: "teapot", quantity: 1 }, { waitFor: [StockView] })
    .catch((thrown: unknown) => thrown);
  assert(isPotterError(error) && error.code === "failed_precondition");
  await app.stop();
});
