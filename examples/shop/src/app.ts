import { type App, createApp, type Logger, type Store } from "@potter/runtime";
import { order } from "./order.js";
import { orderQueries, orderViews } from "./order-views.js";
import { payments, trialGateway } from "./payments.js";
import { stockItem, stockQueries, stockViews } from "./stock.js";

/** The shop, on the store that is given. */
export function createShop(store: Store, logger?: Logger): App {
  return createApp({
    store,
    parts: [order, orderViews, orderQueries, stockItem, stockViews, stockQueries, payments(trialGateway)],
    ...(logger && { logger }),
  });
}
