// A client as protoc-gen-potter-client prints it, for the tests.
import { command, eventType, pagedQuery, query, readModel, serverStream, service } from "./codegen/index.js";
import type { Command, EventType, PagedQuery, Query, ReadModel, ServerStream, Service } from "./index.js";

export interface OrderLine {
  readonly sku?: string;
  readonly quantity?: number;
  readonly unitPrice?: string;
}

export interface OrderView {
  readonly orderId?: string;
  readonly status?: "ORDER_STATUS_PLACED" | "ORDER_STATUS_SHIPPED";
  readonly total?: string;
}

export interface PlaceOrderRequest {
  readonly orderId?: string;
  readonly customerEmail?: string;
  readonly lines?: readonly OrderLine[];
}

export interface PlaceOrderResponse {
  readonly orderId?: string;
}

export interface ListOrdersRequest {
  readonly pageSize?: number;
  readonly pageToken?: string;
}

export interface ListOrdersResponse {
  readonly orders?: readonly OrderView[];
  readonly nextPageToken?: string;
}

export interface OrderAlreadyPlaced {
  readonly orderId?: string;
}

const name = "shop.orders.v1.OrderService";

/** Places an order. */
export const placeOrder: Command<PlaceOrderRequest, PlaceOrderResponse, { orderAlreadyPlaced: OrderAlreadyPlaced }> =
  /* @__PURE__ */ command({
    service: name,
    name: "PlaceOrder",
    repeat: "keyed",
    http: { method: "POST", path: "/v1/orders", body: "*" },
    errors: { orderAlreadyPlaced: "shop.orders.v1.OrderAlreadyPlaced" },
  });

/** Gets an order as it stands. */
export const getOrder: Query<{ readonly orderId?: string }, OrderView> = /* @__PURE__ */ query({
  service: name,
  name: "GetOrder",
  http: { method: "GET", path: "/v1/orders/{orderId}" },
});

/** Lists orders. */
export const listOrders: PagedQuery<ListOrdersRequest, ListOrdersResponse, OrderView> = /* @__PURE__ */ pagedQuery({
  service: name,
  name: "ListOrders",
  http: { method: "GET", path: "/v1/orders" },
  pages: { items: "orders" },
});

/** Follows an order. */
export const watchOrder: ServerStream<{ readonly orderId?: string }, OrderView> = /* @__PURE__ */ serverStream({
  service: name,
  name: "WatchOrder",
  http: { method: "GET", path: "/v1/orders/{orderId}:watch" },
  watch: true,
});

/** An order was placed. */
export interface OrderPlaced {
  readonly orderId?: string;
}

/** An order was placed. */
export const OrderPlaced: EventType<OrderPlaced, "shop.orders.v1.OrderPlaced"> =
  /* @__PURE__ */ eventType("shop.orders.v1.OrderPlaced");

/** An order was cancelled. */
export interface OrderCancelled {
  readonly reason?: string;
}

/** An order was cancelled. */
export const OrderCancelled: EventType<OrderCancelled, "shop.orders.v1.OrderCancelled"> = /* @__PURE__ */ eventType(
  "shop.orders.v1.OrderCancelled",
);

/** How an order stands. */
export const OrderView: ReadModel<OrderView> = /* @__PURE__ */ readModel("shop.orders.v1.OrderView");

interface OrderServiceMethods {
  /** Places an order. */
  readonly placeOrder: typeof placeOrder;
  /** Gets an order as it stands. */
  readonly getOrder: typeof getOrder;
  /** Lists orders. */
  readonly listOrders: typeof listOrders;
  /** Follows an order. */
  readonly watchOrder: typeof watchOrder;
}

/** Takes orders. */
export const OrderService: Service<OrderServiceMethods> = /* @__PURE__ */ service({
  placeOrder,
  getOrder,
  listOrders,
  watchOrder,
});
