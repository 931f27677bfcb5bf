// The shop's orders over all transports that platforms without node:http can serve.
import { createApp, memory, rest } from "@potter/runtime";
import { graphql } from "@potter/runtime/graphql";
import { rpc } from "@potter/runtime/rpc";
import { webSocket } from "@potter/runtime/websocket";
import { graphqlContract } from "../../examples/shop/gen/schema_graphql.js";
import { order } from "../../examples/shop/src/order.js";
import { orderQueries, orderViews } from "../../examples/shop/src/order-views.js";

export const app = createApp({
  store: memory(),
  parts: [order, orderViews, orderQueries],
  transports: [rest(), graphql({ modules: [graphqlContract] }), rpc(), webSocket({ heartbeat: 2_000 })],
});
