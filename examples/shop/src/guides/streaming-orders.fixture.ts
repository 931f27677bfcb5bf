// The methods of docs/guides/websocket.md: those of the shop's orders, and two streams.
import {
  type CallContext,
  memory,
  readResumePosition,
  resumePositionOf,
  subscribe,
  withStreamItemId,
} from "@potter/runtime";
import { defineService, type Es, es, type Method } from "@potter/runtime/codegen/v1";
import { type GetOrderRequest, GetOrderRequestSchema } from "../../gen/shop/orders/v1/orders_pb.js";
import { order } from "../order.js";
import { orderQueries, orderViews } from "../order-views.js";

export const store = memory();

const follow = (_query: GetOrderRequest, ctx: CallContext) => {
  const from = ctx.lastEventId ?? "0";
  const placed = async function* () {
    const after = await readResumePosition(store.events, from);
    const options = { after, filter: { tenant: ctx.tenant }, ...(ctx.signal && { signal: ctx.signal }) };
    for await (const { events } of subscribe(store.events, options)) {
      for (const event of events) yield withStreamItemId({ orderId: event.stream.id }, resumePositionOf(event));
    }
  };
  return withStreamItemId(placed(), from);
};

type Request = Es<typeof GetOrderRequestSchema>;

interface TestTypes {
  readonly methods: {
    readonly collect: Method<Request, Request, "client", "command">;
    readonly follow: Method<Request, Request, "server", "query">;
  };
  readonly commands: { readonly collect: never };
  readonly queries: "follow";
  readonly errors: object;
  readonly views: object;
}

const described = { service: "test.v1.Orders", request: es(GetOrderRequestSchema), http: [], errors: {} };
const OrdersService = defineService<TestTypes>({
  typeName: "test.v1.Orders",
  methods: {
    collect: { ...described, response: described.request, name: "Collect", kind: "command", stream: "client" },
    follow: { ...described, response: described.request, name: "Follow", kind: "query", stream: "server" },
  },
  errors: {},
  views: () => ({}),
});

export const parts = [
  order,
  orderViews,
  orderQueries,
  OrdersService.queries({ follow }),
  OrdersService.commands({
    collect: async (requests) => {
      const ids: string[] = [];
      for await (const { orderId } of requests) ids.push(orderId);
      return { orderId: ids.join("+") };
    },
  }),
];
