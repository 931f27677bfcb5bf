import { type App, createApp, type Logger, rest, type Store, waits } from "@potter/runtime";
import { graphiql } from "@potter/runtime/graphiql";
import { graphql } from "@potter/runtime/graphql";
import { rpc } from "@potter/runtime/rpc";
import { swaggerUi } from "@potter/runtime/swagger-ui";
import { webSocket } from "@potter/runtime/websocket";
import { graphqlContract } from "../gen/schema_graphql.js";
import { OrderCancelled, OrderShipped } from "../gen/shop/orders/v1/orders_cqrs.js";
import { checkout, checkouts } from "./checkout.js";
import { order } from "./order.js";
import { orderQueries, orderViews } from "./order-views.js";
import { payments, trialGateway } from "./payments.js";
import { stockItem, stockQueries, stockViews } from "./stock.js";

export interface ShopOptions {
  readonly logger?: Logger;
  /** The file of its OpenAPI document: then it is served, and shown at `/docs`. */
  readonly document?: URL;
  /** The origins of web pages elsewhere that may call it, such as that of a development server; default none. */
  readonly origins?: readonly string[];
}

/** What GraphiQL shows at first. */
const query = `# Place an order by the mutation, follow all orders by the subscription.
mutation Place {
  placeOrder(input: { customerEmail: "ada@example.com", lines: [{ sku: "teapot", quantity: 2, unitPrice: "1999" }] }) {
    orderId
  }
}

query Orders {
  orders(first: 10) { nodes { orderId status total } }
}

subscription Follow {
  orderEvents { position orderId }
}
`;

/** The shop, on the store that is given. */
export function createShop(store: Store, { logger, document, origins }: ShopOptions = {}): App {
  const app: App = createApp({
    store,
    parts: [
      order,
      orderViews,
      orderQueries,
      stockItem,
      stockViews,
      stockQueries,
      payments(trialGateway),
      checkout,
      ...checkouts(() => app),
    ],
    transports: [
      rest(),
      graphql({ modules: [graphqlContract], ide: graphiql({ title: "Shop", query }) }),
      rpc({ reflection: true }),
      webSocket(),
      ...(document ? [swaggerUi({ file: document })] : []),
    ],
    // Clients wait for what their commands lead to, also for these events, and read their own writes on every replica.
    waits: waits({ events: [OrderShipped, OrderCancelled] }),
    ...(origins && { http: { cors: { origins } } }),
    ...(logger && { logger }),
  });
  return app;
}
