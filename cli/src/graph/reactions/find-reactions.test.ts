import { expect, it } from "vitest";
import { findReactions } from "./index.js";

const orders = "../gen/shop/orders/v1/orders_cqrs.js";

it("finds events and commands through imports, whatever their local names", () => {
  const text = `
    import { handle, reaction as define } from "@potter/runtime";
    import * as orders from "${orders}";
    import { OrderPlaced as Placed, OrderService } from "${orders}";
    export const settlement = (mailer: Mailer) =>
      define({
        name: "settlement",
        on: [
          handle(Placed, async (event, ctx) => { await ctx.send(OrderService.methods.cancelOrder, { id: event.id }); }),
          handle(orders.OrderShipped, async (_, { send }) => send(orders.OrderService.methods.placeOrder, {})),
        ],
      });
  `;
  expect(findReactions("a.ts", text)).toEqual([
    {
      name: "settlement",
      events: [
        { module: orders, name: "OrderPlaced" },
        { module: orders, name: "OrderShipped" },
      ],
      commands: [
        { module: orders, name: "OrderService.cancelOrder" },
        { module: orders, name: "OrderService.placeOrder" },
      ],
    },
  ]);
});

it("names a reaction after its file if its name is no literal", () => {
  const text = 'import { reaction } from "@potter/runtime"; export default reaction({ name: prefix + "x", on: [] });';
  expect(findReactions("src/x.ts", text)).toEqual([{ name: "src/x.ts", events: [], commands: [] }]);
});

it.each([
  ["another function of this name", 'import { reaction } from "./mine.js"; reaction({ name: "x", on: [] });'],
  ["a name that is not imported", 'const reaction = (x: object) => x; reaction({ name: "x", on: [] });'],
  ["a comment", 'import { reaction } from "@potter/runtime"; // reaction({ name: "x", on: [] })'],
  ["options from elsewhere", 'import { reaction } from "@potter/runtime"; reaction(options);'],
  ["a file that does not parse", 'import { reaction } from "@potter/runtime"; reaction(('],
])("finds nothing in %s", (_, text) => {
  expect(findReactions("a.ts", text)).toEqual([]);
});
