// What docs/guides/sagas.md shows, carried out. tests/docs.test.ts holds the two together.
import assert from "node:assert/strict";
import { createApp, memory } from "@potter/runtime";
import { specifySaga } from "@potter/runtime/testing";
import { expect, it } from "vitest";
import { Checkout } from "../../gen/shop/checkout/v1/checkout_saga.js";
import { StockService } from "../../gen/shop/stock/v1/stock_cqrs.js";
import { checkout, checkouts } from "../checkout.js";
import { order } from "../order.js";
import { orderQueries, orderViews } from "../order-views.js";
import { payments, trialGateway } from "../payments.js";
import { stockItem, stockQueries, stockViews } from "../stock.js";

const orders = [order, orderViews, orderQueries];
const stock = [stockItem, stockViews, stockQueries];

it("runs in an app, and is controlled", async () => {
  const app = createApp({
    store: memory(),
    parts: [...orders, ...stock, payments(trialGateway), checkout, ...checkouts(() => app)],
  });
  await app.send(StockService.methods.replenish, { sku: "teapot", quantity: 10 });

  const lines = [{ sku: "teapot", quantity: 2, unitPrice: 1999n }];
  const data = { orderId: "4711", customerEmail: "ada@example.com", lines, cardToken: "visa" };
  const { id, isNew } = await app.saga(Checkout).start(data);

  for await (const { status, steps } of app.saga(Checkout).watch(id)) {
    console.log(status, steps.map((step) => `${step.name} ${step.status}`).join(", "));
    if (status !== "running" && status !== "compensating") break;
  }

  assert(isNew);
  const control = app.saga(Checkout);
  const state = await control.get("4711");
  const { items } = await control.list({ status: "suspended", idleSince: new Date(Date.now() - 3_600_000) });
  const { running, suspended } = await control.counts();

  expect(state?.status).toBe("completed");
  expect([items.length, running, suspended]).toEqual([0, 0, 0]);

  await control.pause("4711"); // no more steps, attempts and compensations until resume
  await control.resume("4711"); // also continues a suspended saga
  await control.retry("4711", { step: "charge" }); // repeats what waits, at once
  await control.skip("4711", "charge"); // a person has done it, or it need not be done
  const { applied, reason } = await control.cancel("4711"); // compensates, if no pivot is done

  expect({ applied, reason }).toEqual({ applied: false, reason: "ended" });

  const { checked, problems } = await control.verify();

  expect({ checked, problems }).toEqual({ checked: 0, problems: [] });
  await app.stop();
});

it("is specified on a virtual clock, without a store", () => {
  const teapots = { orderId: "1", lines: [{ sku: "teapot", quantity: 2, unitPrice: 1999n }], cardToken: "visa" };

  const charging = specifySaga(Checkout, checkout)
    .starts(teapots)
    .sends("place", { orderId: "1", lines: teapots.lines })
    .responds("place", { orderId: "1" })
    .sends("reserve", { orderId: "1", sku: "teapot", quantity: 2 })
    .responds("reserve", {})
    .sends("charge", { orderId: "1", amount: 3998n, cardToken: "visa" });

  charging
    .responds("charge", { paymentId: "p1" })
    .responds("ship", { orderId: "1" })
    .hasStatus("completed")
    .hasData({ ...teapots, paymentId: "p1" });

  charging
    .fails("charge", "failed_precondition") // the bank said no
    .compensates("reserve", { orderId: "1", sku: "teapot" })
    .compensated("reserve")
    .compensates("place")
    .compensated("place")
    .hasStatus("compensated");

  charging
    .passes(60_000) // it is unknown whether the card was charged
    .compensates("charge", { orderId: "1" });
});
