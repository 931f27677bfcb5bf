import { createOrderApp, memory, Order, placeOrder } from "../../potter/dist/command.mjs";
import { createShopApp, replenish, reserve, StockItem } from "../../potter/dist/shop.mjs";
import { charge, createTrivialApp } from "../../potter/dist/trivial.mjs";
import { appendTask } from "../potter-orders.mjs";
import { trivialTask } from "../potter-trivial.mjs";

export const name = "Potter";
export const tasks = { trivial, append, load };

function trivial() {
  return trivialTask(createTrivialApp, charge);
}

function append() {
  return appendTask(createOrderApp(memory()), placeOrder, Order);
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
