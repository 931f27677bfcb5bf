// What docs/guides/reactions-and-schedules.md shows, carried out. tests/docs.test.ts holds the two together.
import assert from "node:assert/strict";
import { createApp, handle, memory, PotterError, reaction, schedule, scheduledCommands } from "@potter/runtime";
import { cron } from "@potter/runtime/cron";
import { sent, specifyReaction } from "@potter/runtime/testing";
import { expect, it } from "vitest";
import { Order, OrderCancelled, OrderPlaced, OrderService } from "../../gen/shop/orders/v1/orders_cqrs.js";
import { PaymentService } from "../../gen/shop/payments/v1/payments_cqrs.js";
import { order } from "../order.js";
import { orderQueries, orderViews } from "../order-views.js";
import { type PaymentGateway, payments } from "../payments.js";

interface Mailer {
  send(to: string, text: string, id: string): Promise<void>;
}

const settlement = (mailer: Mailer) =>
  reaction({
    name: "settlement",
    on: [
      handle(OrderPlaced, async (event, ctx) => {
        await mailer.send(event.customerEmail, `We have your order ${event.orderId}.`, ctx.commandId("mail"));
      }),
      handle(OrderCancelled, async (event, ctx) => {
        await ctx.send(PaymentService.methods.refund, { orderId: event.orderId });
      }),
    ],
  });

function open() {
  const mails: string[] = [];
  const refunds: string[] = [];
  const mailer: Mailer = { send: async (to, text) => void mails.push(`${to}: ${text}`) };
  const gateway: PaymentGateway = {
    charge: async () => ({ id: "1" }),
    refund: async (orderId) => void refunds.push(orderId),
  };
  const app = createApp({
    store: memory(),
    parts: [order, orderViews, orderQueries, payments(gateway), settlement(mailer)],
  });
  return { app, mails, refunds };
}

it("acts on events", async () => {
  const { app, mails, refunds } = open();
  await app.start();
  const { orderId } = await app.send(OrderService.methods.placeOrder, {
    customerEmail: "ada@example.com",
    lines: [{ sku: "teapot", quantity: 1, unitPrice: 1999n }],
  });
  await app.send(OrderService.methods.cancelOrder, { orderId });
  await app.waitForProjections();
  assert.deepEqual(mails, [`ada@example.com: We have your order ${orderId}.`]);
  assert.deepEqual(refunds, [orderId]);

  const control = app.projection("settlement");
  const deadLetters = await control.deadLetters();
  await control.retry("order/4711");
  await control.discard("order/4711");

  await control.pause();
  await control.resume();
  expect(deadLetters).toEqual([]);
  await app.stop();
});

it("is specified without a store", async () => {
  const mailer: Mailer = { send: async () => {} };
  const event = Order.event.orderCancelled({ orderId: "4711" });
  const outcome = await specifyReaction(settlement(mailer)).when(event);
  outcome.sends(sent(PaymentService.methods.refund, { orderId: "4711" }));

  const declined = specifyReaction(settlement(mailer)).given(PaymentService.methods.refund, () => {
    throw new PotterError("unavailable", "the bank is closed");
  });
  (await declined.when(event)).fails("unavailable");
});

it("sends a command later", async () => {
  const gateway: PaymentGateway = { charge: async () => ({ id: "1" }), refund: async () => {} };
  const app = createApp({
    store: memory(),
    parts: [
      order,
      orderViews,
      orderQueries,
      payments(gateway),
      scheduledCommands({ methods: [OrderService.methods.cancelOrder] }),
    ],
  });
  const { orderId } = await app.send(OrderService.methods.placeOrder, {
    customerEmail: "ada@example.com",
    lines: [{ sku: "teapot", quantity: 1, unitPrice: 1999n }],
  });

  const { cancelOrder } = OrderService.methods;
  const id = await app.schedules.schedule(cancelOrder, { orderId, reason: "not paid" }, { in: 3 * 86_400_000 });
  const pending = await app.schedules.list();
  await app.schedules.cancel(id);

  expect(pending).toMatchObject([{ id, method: "shop.orders.v1.OrderService.CancelOrder" }]);
  await expect(
    app.schedules.schedule(cancelOrder, { orderId, reason: "x".repeat(501) }, { in: 1 }),
  ).rejects.toMatchObject({ code: "invalid_argument" });
  await app.stop();
});

it("sends a command again and again", async () => {
  const everyHour = {
    text: "every hour",
    next: (after: Date) => new Date((Math.floor(after.getTime() / 3_600_000) + 1) * 3_600_000),
  };

  const report = schedule({
    name: "hourly-refund",
    times: everyHour,
    method: PaymentService.methods.refund,
    request: (occurrence) => ({ orderId: occurrence.toISOString() }),
  });

  const morning = schedule({
    name: "morning-report",
    times: cron("0 9 * * 1-5", { timeZone: "Europe/Berlin" }),
    method: PaymentService.methods.refund,
    request: (occurrence) => ({ orderId: occurrence.toISOString() }),
  });

  const gateway: PaymentGateway = { charge: async () => ({ id: "1" }), refund: async () => {} };
  const app = createApp({ store: memory(), parts: [payments(gateway), report, morning] });
  await app.start();
  expect((await app.schedules.recurring()).map(({ name }) => name)).toEqual(["hourly-refund", "morning-report"]);
  const [status] = await app.schedules.recurring();
  expect(status?.occurrence?.getTime()).toBeGreaterThan(Date.now());
  await app.stop();
});
