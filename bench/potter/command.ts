// The order of examples/shop, with and without what a service may add to it: views, personal fields.
import { type App, createApp, type Middleware, type Store } from "@potter/runtime";
import {
  Order,
  OrderService,
  OrderView,
  PrivateOrder,
  PrivateOrderService,
  PrivateOrderView,
} from "./gen/bench/command/v1/orders_cqrs.js";
import { type OrderLine, OrderStatus } from "./gen/bench/command/v1/orders_pb.js";

export { memory } from "@potter/runtime";
export { serve } from "@potter/runtime/node";
export { pglite } from "@potter/runtime/pglite";
export { postgres } from "@potter/runtime/postgres";
export { Order, PrivateOrder };
export const { placeOrder, addLines } = OrderService.methods;
export const { placePrivateOrder, addPrivateLines } = PrivateOrderService.methods;

const order = Order.decider({
  initial: () => ({ lines: 0 }),
  decide: {
    placeOrder: (_state, { customerEmail, lines }, ctx) =>
      Order.event.orderPlaced({ orderId: ctx.id, customerEmail, lines, placedAt: ctx.timestamp() }),
    addLines: (state, { customerEmail, lines }, ctx) =>
      state.lines > mostLines
        ? []
        : Order.event.linesAdded({ orderId: ctx.id, customerEmail, lines, placedAt: ctx.timestamp() }),
  },
  evolve: {
    orderPlaced: (_state, { lines }) => ({ lines: lines.length }),
    linesAdded: (state, { lines }) => ({ lines: state.lines + lines.length }),
  },
});

const privateOrder = PrivateOrder.decider({
  initial: () => ({ lines: 0 }),
  decide: {
    placePrivateOrder: (_state, { customerEmail, lines }, ctx) =>
      PrivateOrder.event.privateOrderPlaced({ orderId: ctx.id, customerEmail, lines, placedAt: ctx.timestamp() }),
    addPrivateLines: (state, { customerEmail, lines }, ctx) =>
      state.lines > mostLines
        ? []
        : PrivateOrder.event.privateLinesAdded({ orderId: ctx.id, customerEmail, lines, placedAt: ctx.timestamp() }),
  },
  evolve: {
    privateOrderPlaced: (_state, { lines }) => ({ lines: lines.length }),
    privateLinesAdded: (state, { lines }) => ({ lines: state.lines + lines.length }),
  },
});

const mostLines = 1_000_000;
const status = OrderStatus.PLACED;

/** `view`: how the read model is kept; without it there is none. `waits`: a command is answered when the view shows it. */
export function createOrderApp(store: Store, view?: "inline" | "async", waits = false): App {
  if (view === undefined) return createApp({ store, parts: [order], unimplemented: [OrderService] });
  const views = OrderView.projection({
    mode: view,
    on: {
      orderPlaced: ({ orderId, lines, placedAt }, rows) =>
        rows.upsert({ orderId, status, total: totalOf(lines), lines, ...(placedAt && { placedAt }) }),
      linesAdded: async ({ orderId, lines, placedAt }, rows) => {
        const before = await rows.get(orderId);
        const total = (before?.total ?? 0n) + totalOf(lines);
        rows.upsert({ orderId, status, total, lines, ...(placedAt && { placedAt }) });
      },
    },
  });
  const queries = OrderService.queries({ getOrder: ({ orderId }, { views }) => views.orderView.get(orderId) });
  const wait: Middleware = (method) =>
    method !== placeOrder && method !== addLines
      ? undefined
      : async (call, next) => {
          const result = await next(call);
          await app.projection(OrderView).waitFor(result.position ?? 0);
          return result;
        };
  const app: App = createApp({
    store,
    parts: [order, views, queries],
    unimplemented: [PrivateOrderView],
    middleware: waits ? [wait] : [],
  });
  return app;
}

/** The customer's address is encrypted under a key of the order. `view`: whether there is a read model, kept inline. */
export function createPrivateOrderApp(store: Store, view = true): App {
  if (!view) return createApp({ store, parts: [privateOrder], unimplemented: [PrivateOrderService] });
  const views = PrivateOrderView.projection({
    mode: "inline",
    on: {
      privateOrderPlaced: ({ orderId, lines, placedAt }, rows) =>
        rows.upsert({ orderId, status, total: totalOf(lines), lines, ...(placedAt && { placedAt }) }),
      privateLinesAdded: async ({ orderId, lines, placedAt }, rows) => {
        const before = await rows.get(orderId);
        const total = (before?.total ?? 0n) + totalOf(lines);
        rows.upsert({ orderId, status, total, lines, ...(placedAt && { placedAt }) });
      },
    },
  });
  const queries = PrivateOrderService.queries({
    getPrivateOrder: ({ orderId }, { views }) => views.privateOrderView.get(orderId),
  });
  return createApp({ store, parts: [privateOrder, views, queries], unimplemented: [OrderView] });
}

function totalOf(lines: readonly OrderLine[]): bigint {
  return lines.reduce((sum, { quantity, unitPrice }) => sum + BigInt(quantity) * unitPrice, 0n);
}
