import { type App, createApp, type Logger, rest, type Store } from "@potter/runtime";
import { swaggerUi } from "@potter/runtime/swagger-ui";
import { order } from "./order.js";
import { orderQueries, orderViews } from "./order-views.js";
import { payments, trialGateway } from "./payments.js";
import { stockItem, stockQueries, stockViews } from "./stock.js";

export interface ShopOptions {
  readonly logger?: Logger;
  /** The file of its OpenAPI document: then it is served, and shown at `/docs`. */
  readonly document?: URL;
}

/** The shop, on the store that is given. */
export function createShop(store: Store, { logger, document }: ShopOptions = {}): App {
  return createApp({
    store,
    parts: [order, orderViews, orderQueries, stockItem, stockViews, stockQueries, payments(trialGateway)],
    transports: [rest(), ...(document ? [swaggerUi({ file: document })] : [])],
    ...(logger && { logger }),
  });
}
