import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { Order } from "../gen/shop/orders/v1/orders_cqrs.js";
import { OrderSchema, OrderStatus } from "../gen/shop/orders/v1/orders_pb.js";
import { largestTotal, totalOf } from "./order-total.js";

/** What may happen to an order, and when. */
export const order = Order.decider({
  initial: () => create(OrderSchema),
  decide: {
    placeOrder: (state, command, ctx) => {
      if (state.status !== OrderStatus.UNSPECIFIED) return Order.reject.orderAlreadyPlaced({ orderId: ctx.id });
      const { customerEmail, lines } = command;
      if (totalOf(lines) > largestTotal) return Order.reject.orderTotalTooLarge({ largest: largestTotal });
      return Order.event.orderPlaced({ orderId: ctx.id, customerEmail, lines, placedAt: ctx.timestamp() });
    },
    cancelOrder: (state, command, ctx) => {
      if (state.status === OrderStatus.SHIPPED) return Order.reject.orderAlreadyShipped({ orderId: ctx.id });
      if (state.status === OrderStatus.CANCELLED) return [];
      return Order.event.orderCancelled({ orderId: ctx.id, reason: command.reason });
    },
    shipOrder: (state, _command, ctx) =>
      state.status === OrderStatus.PLACED
        ? Order.event.orderShipped({ orderId: ctx.id, shippedAt: ctx.timestamp() })
        : Order.reject.orderNotOpen({ orderId: ctx.id, status: state.status }),
  },
  evolve: {
    orderPlaced: (_state, event) => create(OrderSchema, { orderId: event.orderId, status: OrderStatus.PLACED }),
    orderShipped: (state) => ({ ...state, status: OrderStatus.SHIPPED }),
    orderCancelled: (state) => ({ ...state, status: OrderStatus.CANCELLED }),
  },
  reply: {
    shipOrder: (_state, _command, ctx) => ({ orderId: ctx.id, shippedAt: ctx.timestamp() }),
  },
  upcast: {
    orderPlacedV1: (event) => ({ orderId: event.orderId, customerEmail: event.customer, lines: event.lines }),
  },
  snapshot: {
    version: 1,
    encode: (state) => toBinary(OrderSchema, state),
    decode: (bytes) => fromBinary(OrderSchema, bytes),
  },
});
