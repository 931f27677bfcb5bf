import { createShopApp, Order, placeOrder, replenish, reserve, StockItem } from "../../potter/dist/shop.mjs";
import { charge, createTrivialApp } from "../../potter/dist/trivial.mjs";
import { trivialTask } from "../potter-trivial.mjs";
import { customerEmail, lines } from "../works.mjs";

export const name = "Potter";
export const tasks = { trivial, append, load };

function trivial() {
  return trivialTask(createTrivialApp, charge);
}

async function append() {
  const app = createShopApp();
  await app.start();
  let next = 0;
  return {
    async run(count) {
      let right = 0;
      for (let i = 0; i < count; i++) {
        const orderId = `order-${next++}`;
        const answer = await app.send(placeOrder, { orderId, customerEmail, lines });
        if (answer.orderId === orderId) right++;
      }
      return right;
    },
    async check(count) {
      const { events } = await app.store.events.readAll(count - 1, 10);
      const history = await app.history(Order, `order-${count - 1}`);
      if (events.length !== 1 || history.length !== 1 || history[0].data.lines.length !== 3) {
        throw new Error(`the store does not hold ${count} orders of one event`);
      }
    },
  };
}

async function load() {
  const app = createShopApp();
  for (let i = 0; i < 9; i++) await app.send(replenish, { sku: "sku-1", quantity: 5 });
  const request = { sku: "sku-1", orderId: "order-1", quantity: 3 };
  const expected = await app.send(reserve, request);
  return {
    async run(count) {
      let right = 0;
      for (let i = 0; i < count; i++) {
        const answer = await app.send(reserve, request);
        if (answer.$typeName === expected.$typeName) right++;
      }
      return right;
    },
    async check() {
      const events = await app.history(StockItem, "sku-1");
      if (events.length !== 10) throw new Error(`the stream has ${events.length} events instead of 10`);
    },
  };
}
