// The methods of docs/guides/grpc.md: those of the shop's orders, a stream of requests, and one in both directions.
import { PotterError } from "@potter/runtime";
import { defineService, type Es, es, type Method } from "@potter/runtime/codegen/v1";
import { type GetOrderRequest, GetOrderRequestSchema } from "../../gen/shop/orders/v1/orders_pb.js";
import { order } from "../order.js";
import { orderQueries, orderViews } from "../order-views.js";

type Message = Es<typeof GetOrderRequestSchema>;

interface OrderStreamsTypes {
  readonly methods: {
    readonly importOrders: Method<Message, Message, "client", "command">;
    readonly quoteOrders: Method<Message, Message, "bidi", "query">;
    readonly findOrder: Method<Message, Message, "unary", "query">;
  };
  readonly commands: { readonly importOrders: never };
  readonly queries: "quoteOrders" | "findOrder";
  readonly errors: object;
  readonly views: object;
}

const message = es(GetOrderRequestSchema);
const described = {
  service: "shop.streams.v1.OrderStreams",
  request: message,
  response: message,
  http: [],
  errors: {},
};
const OrderStreams = defineService<OrderStreamsTypes>({
  typeName: described.service,
  methods: {
    importOrders: { ...described, name: "ImportOrders", kind: "command", stream: "client" },
    quoteOrders: { ...described, name: "QuoteOrders", kind: "query", stream: "bidi" },
    findOrder: { ...described, name: "FindOrder", kind: "query", stream: "unary", cacheTtl: 60_000 },
  },
  errors: {},
  views: () => ({}),
});

/** How many orders were imported. */
const imported: string[] = [];

const commands = OrderStreams.commands({
  importOrders: async (orders) => {
    for await (const { orderId } of orders) imported.push(orderId);
    return { orderId: `${imported.length} orders` };
  },
});

async function* quoteOrders(orders: AsyncIterable<GetOrderRequest>) {
  for await (const { orderId } of orders) yield { orderId: `quote of ${orderId}` };
}

const queries = OrderStreams.queries({
  quoteOrders,
  findOrder: ({ orderId }, ctx) => {
    const region = ctx.requestHeaders.get("x-region") ?? "eu";
    ctx.responseHeaders.append("x-served-by", region);
    ctx.responseTrailers.append("x-cost", "1");

    if (orderId === "busy") throw new PotterError("resource_exhausted", "too many orders", { retryAfter: 2_000 });

    return { orderId };
  },
});

export const parts = [order, orderViews, orderQueries, commands, queries];
