// The deciders of examples/shop as an app of Potter. Read models only where they are read: the other contenders keep none.
import type { DescFile } from "@bufbuild/protobuf";
import { type App, createApp, memory } from "@potter/runtime";
import { Order, OrderService } from "../../examples/shop/gen/shop/orders/v1/orders_cqrs.js";
import { OrderPlacedSchema } from "../../examples/shop/gen/shop/orders/v1/orders_pb.js";
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

/**
 * With `views`, orders can be read: from a read model that changes with the append. Without `personal`, the contract has no
 * personal fields, so that no order needs a key.
 */
export function createShopApp({ views = false, personal = true } = {}): App {
  if (!personal) removeOptions(OrderPlacedSchema.file);
  return views
    ? createApp({ store: memory(), parts: [order, orderViews, orderQueries] })
    : createApp({ store: memory(), parts: [order, stockItem], unimplemented: [OrderService, StockService] });
}

/** The number of the extension potter.v1.field. */
const fieldExtension = 50708;

/** Before an app reads them. The rules of protovalidate stay. */
function removeOptions({ messages }: DescFile): void {
  for (const { fields } of messages) {
    for (const { proto } of fields) {
      const { options } = proto;
      if (options !== undefined) options.$unknown = options.$unknown?.filter(({ no }) => no !== fieldExtension) ?? [];
    }
  }
}
