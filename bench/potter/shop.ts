// The deciders of examples/shop as an app of Potter, without read models: the other contenders keep none.
import { type App, createApp, memory } from "@potter/runtime";
import { Order, OrderService } from "../../examples/shop/gen/shop/orders/v1/orders_cqrs.js";
import { StockItem, StockService } from "../../examples/shop/gen/shop/stock/v1/stock_cqrs.js";
import { order } from "../../examples/shop/src/order.js";
import { stockItem } from "../../examples/shop/src/stock.js";

export { Order, StockItem };
export const { placeOrder } = OrderService.methods;
export const { replenish, reserve } = StockService.methods;
export { serve } from "@potter/runtime/node";

export function createShopApp(): App {
  return createApp({ store: memory(), parts: [order, stockItem] });
}
