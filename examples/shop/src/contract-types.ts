// Code that must not compile. Each line below a `@ts-expect-error` is an error that the generated types report; should one of
// them become legal, this file stops compiling. It is never run.
import { specify } from "@potter/runtime/testing";
import { Order, OrderService, OrderView } from "../gen/shop/orders/v1/orders_cqrs.js";
import { PaymentService } from "../gen/shop/payments/v1/payments_cqrs.js";
import { order } from "./order.js";

type OrderDecider = Parameters<typeof Order.decider<{ readonly placed: boolean }>>[0];
declare const decider: OrderDecider;
const { decide, evolve } = decider;
const shipped = Order.event.orderShipped({ orderId: "1" });
const placed = Order.event.orderPlaced({ orderId: "1" });

// @ts-expect-error a command without a handler
({ ...decide, placeOrder: undefined }) satisfies OrderDecider["decide"];
// @ts-expect-error an event without a handler
({ ...evolve, orderShipped: undefined }) satisfies OrderDecider["evolve"];
// @ts-expect-error a handler of a command that the contract does not declare
({ ...decide, repaintOrder: () => [] }) satisfies OrderDecider["decide"];
// @ts-expect-error an event that the command does not emit
({ ...decide, placeOrder: () => shipped }) satisfies OrderDecider["decide"];
// @ts-expect-error a refusal that the command does not declare
({ ...decide, placeOrder: () => Order.reject.orderNotOpen() }) satisfies OrderDecider["decide"];
// @ts-expect-error an event field that does not exist
Order.event.orderPlaced({ orderNumber: "1" });
// @ts-expect-error an event field of another type
Order.event.orderPlaced({ orderId: 1 });
// @ts-expect-error `reply` is missing, though the response to ShipOrder cannot be derived from its request
Order.decider({ initial: decider.initial, decide, evolve, upcast: decider.upcast, snapshot: decider.snapshot });
// @ts-expect-error `upcast` is missing, though there is a superseded event
Order.decider({ initial: decider.initial, decide, evolve, reply: decider.reply, snapshot: decider.snapshot });
// @ts-expect-error `snapshot` is missing, though the contract declares snapshots
Order.decider({ initial: decider.initial, decide, evolve, reply: decider.reply, upcast: decider.upcast });
// @ts-expect-error `migrate` is for aggregates that store their state
Order.decider({ ...decider, migrate: () => ({ placed: false }) });

declare const projection: Parameters<typeof OrderView.projection>[0];
// @ts-expect-error an event of `from` without a handler
OrderView.projection({ on: { ...projection.on, orderShipped: undefined } });
// @ts-expect-error an event that is not in `from`
OrderView.projection({ on: { ...projection.on, orderPainted: () => {} } });

declare const queries: Parameters<typeof OrderService.queries>[0];
// @ts-expect-error a query without a handler
OrderService.queries({ ...queries, getOrder: undefined });
// @ts-expect-error a response of another type
OrderService.queries({ ...queries, getOrder: () => ({ orderId: 1 }) });
// @ts-expect-error a stream where one response is expected
OrderService.queries({ ...queries, getOrder: (query, { views }) => views.orderView.watch(query.orderId) });
// @ts-expect-error a read model that the service does not know
OrderService.queries({ ...queries, getOrder: (query, { views }) => views.stockView.get(query.orderId) });
// @ts-expect-error a filter by a field that the row does not have
OrderService.queries({ ...queries, getOrder: (_query, { views }) => views.orderView.where({ colour: "red" }).first() });
// @ts-expect-error a page as the response: its items would be lost
OrderService.queries({ ...queries, listOrders: (query, { views }) => views.orderView.page(query) });
// @ts-expect-error a page as the response, from an async function
OrderService.queries({ ...queries, listOrders: async (query, { views }) => await views.orderView.page(query) });
// @ts-expect-error commands that an aggregate decides have no plain handler
OrderService.commands({ placeOrder: () => ({}) });
// @ts-expect-error a refusal that is not declared for the command
PaymentService.commands({ charge: () => ({ paymentId: "1" }), refund: () => PaymentService.reject.cardDeclined() });

// @ts-expect-error a refusal that the command does not declare
specify(order).when.placeOrder({}).rejects("orderNotOpen");
// @ts-expect-error a command that the aggregate does not have
specify(order).when.repaintOrder({});
specify(order).given(placed).when.shipOrder({}).emits(shipped);
