// The deciders of examples/shop as an app of Potter. Read models only where they are read: the other contenders keep none.
import { type App, createApp, memory } from "@potter/runtime";
import { Order, OrderService } from "../../examples/shop/gen/shop/orders/v1/orders_cqrs.js";
import { StockItem, StockService } from "../../examples/shop/gen/shop/stock/v1/stock_cqrs.js";
import { order } from "../../examples/shop/src/order.js";
import { orderQueries, orderViews } from "../../examples/shop/src/order-views.js";
import { stockItem } from "../../examples/shop/src/stock.js";

export { Order, StockItem };
export const { placeOrder } = OrderService.methods;
export const { replenish, reserve } = StockService.methods;
export { create, fromJson, toJson } from "@bufbuild/protobuf";
export { serve } from "@potter/runtime/node";
export {
  OrderStatus,
  OrderViewSchema,
  PlaceOrderRequestSchema,
  PlaceOrderResponseSchema,
} from "../../examples/shop/gen/shop/orders/v1/orders_pb.js";

/** With `views`, orders can be read: from a read model that changes with the append. */
export function createShopApp({ views = false }: { readonly views?: boolean } = {}): App {
  return views
    ? createApp({ store: memory(), parts: [order, orderViews, orderQueries] })
    : createApp({ store: memory(), parts: [order, stockItem], unimplemented: [OrderService, StockService] });
}
