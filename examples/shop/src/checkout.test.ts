import { type App, memory, type Store } from "@potter/runtime";
import { pglite } from "@potter/runtime/pglite";
import { postgres } from "@potter/runtime/postgres";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Checkout } from "../gen/shop/checkout/v1/checkout_saga.js";
import { StockService } from "../gen/shop/stock/v1/stock_cqrs.js";
import { createShop } from "./app.js";

const server = process.env["POTTER_POSTGRES_URL"];

const stores: Readonly<Record<string, () => Store>> = {
  memory,
  pglite: () => pglite(),
  ...(server !== undefined && {
    postgres: () => postgres({ url: server, schema: `checkout_${process.pid}_${Math.random().toString(36).slice(2)}` }),
  }),
};

const lines = [
  { sku: "teapot", quantity: 2, unitPrice: "1999" },
  { sku: "cup", quantity: 1, unitPrice: "499" },
];
const body = { orderId: "1", customerEmail: "ada@example.com", lines, cardToken: "visa" };

describe.each(Object.entries(stores))("a checkout on %s", (_, open) => {
  let app: App;

  beforeEach(async () => {
    app = createShop(open());
    for (const sku of ["teapot", "cup"]) await app.send(StockService.methods.replenish, { sku, quantity: 5 });
  });
  afterEach(() => app.stop());

  async function call(method: string, path: string, json?: unknown): Promise<Record<string, unknown>> {
    const init =
      json === undefined ? {} : { headers: { "content-type": "application/json" }, body: JSON.stringify(json) };
    const response = await app.fetch(new Request(`http://shop${path}`, { method, ...init }));
    return { httpStatus: response.status, ...((await response.json()) as object) };
  }

  /** The checkout once it has ended. */
  async function ended(id: string): Promise<Record<string, unknown>> {
    for await (const { status } of app.saga(Checkout).watch(id)) {
      if (status === "completed" || status === "compensated" || status === "suspended") break;
    }
    return call("GET", `/v1/checkouts/${id}`);
  }

  const stockOf = async (sku: string) => (await app.query(StockService.methods.getStock, { sku })).available;

  it("places, reserves, charges and ships", async () => {
    expect(await call("POST", "/v1/checkouts", body)).toEqual({ httpStatus: 200, orderId: "1" });
    expect(await ended("1")).toMatchObject({
      status: "CHECKOUT_STATUS_COMPLETED",
      steps: ["place", "reserve", "charge", "ship"].map((name) => ({ name, status: "done" })),
    });
    expect(await call("GET", "/v1/orders/1")).toMatchObject({ status: "ORDER_STATUS_SHIPPED", total: "4497" });
    await app.waitForProjections();
    expect([await stockOf("teapot"), await stockOf("cup")]).toEqual([3, 4]);
    expect((await app.saga(Checkout).get("1"))?.data.paymentId).toMatch(/^payment-/);
  });

  it("undoes what was done when the card is declined", async () => {
    await call("POST", "/v1/checkouts", { ...body, cardToken: "declined" });
    expect(await ended("1")).toMatchObject({
      status: "CHECKOUT_STATUS_COMPENSATED",
      failure: "shop.payments.v1.CardDeclined",
      steps: [
        { name: "place", status: "undone" },
        { name: "reserve", status: "undone" },
        { name: "charge", status: "failed" },
        { name: "ship", status: "waiting" },
      ],
    });
    expect(await call("GET", "/v1/orders/1")).toMatchObject({ status: "ORDER_STATUS_CANCELLED" });
    await app.waitForProjections();
    expect([await stockOf("teapot"), await stockOf("cup")]).toEqual([5, 5]);
  });

  it("releases the articles that it has reserved when another is out of stock", async () => {
    const large = [lines[0], { sku: "cup", quantity: 6, unitPrice: "499" }];
    await call("POST", "/v1/checkouts", { ...body, lines: large });
    expect(await ended("1")).toMatchObject({
      status: "CHECKOUT_STATUS_COMPENSATED",
      failure: "shop.stock.v1.OutOfStock",
    });
    await app.waitForProjections();
    expect([await stockOf("teapot"), await stockOf("cup")]).toEqual([5, 5]);
  });

  it("is started once for an order", async () => {
    await Promise.all([1, 2, 3].map(() => call("POST", "/v1/checkouts", body)));
    await ended("1");
    expect((await app.saga(Checkout).list()).items).toHaveLength(1);
    expect(await app.saga(Checkout).counts()).toMatchObject({ completed: 1 });
  });

  it("is not found by an id that no checkout has", async () => {
    expect(await call("GET", "/v1/checkouts/unknown")).toMatchObject({ httpStatus: 404, code: "not_found" });
  });

  it("keeps what is personal out of the history and of what clients see", async () => {
    await call("POST", "/v1/checkouts", { ...body, cardToken: "declined" });
    const shown = await ended("1");
    const history = (await app.saga(Checkout).get("1"))?.history;
    expect(JSON.stringify([shown, history])).not.toMatch(/ada@example|declined|Lovelace/);
  });
});
