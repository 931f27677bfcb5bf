import { OrderService, OrderView } from "../gen/shop/orders/v1/orders_cqrs.js";
import { OrderStatus } from "../gen/shop/orders/v1/orders_pb.js";
import { totalOf } from "./order-total.js";

/** The state of orders. Inline: the caller that has placed an order can read it at once. */
export const orderViews = OrderView.projection({
  mode: "inline",
  on: {
    orderPlaced: (event, rows) =>
      rows.upsert({
        orderId: event.orderId,
        status: OrderStatus.PLACED,
        total: totalOf(event.lines),
        lines: event.lines,
        ...(event.placedAt && { placedAt: event.placedAt }),
      }),
    orderShipped: (event, rows) => rows.update(event.orderId, { status: OrderStatus.SHIPPED }),
    orderCancelled: (event, rows) => rows.update(event.orderId, { status: OrderStatus.CANCELLED }),
  },
});

export const orderQueries = OrderService.queries({
  getOrder: (query, { views }) => views.orderView.get(query.orderId),
  listOrders: async (query, { views }) => {
    const orders =
      query.status === OrderStatus.UNSPECIFIED ? views.orderView : views.orderView.where({ status: query.status });
    const page = await orders.page(query);
    return { orders: page.items, nextPageToken: page.nextPageToken };
  },
  watchOrder: (query, { views }) => views.orderView.watch(query.orderId),
});
