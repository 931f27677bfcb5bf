// What the types of a generated client say: checked by `tsc -p tsconfig.tests.json`.
import { createClient, type ErrorsOf, type OutgoingCall, type RequestOf, type ResponseOf } from "./index.js";
import {
  getOrder,
  listOrders,
  OrderCancelled,
  OrderPlaced,
  OrderService,
  OrderView,
  placeOrder,
  watchOrder,
} from "./shop.fixture.js";

declare const client: ReturnType<typeof createClient>;

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const check = <T extends true>(): T | undefined => undefined;

export async function calls(): Promise<void> {
  const orders = client.of(OrderService);
  const placed = await orders.placeOrder({ lines: [{ sku: "teapot", quantity: 1 }] }, { expectedVersion: 3 });
  const text: string | undefined = placed.orderId;

  // @ts-expect-error: there is no such field
  await orders.placeOrder({ line: [] });
  // @ts-expect-error: queries have no expected version
  await orders.getOrder({ orderId: text }, { expectedVersion: 3 });

  const outcome = await placeOrder(client, {}).safe();
  if (outcome.ok) check<Same<typeof outcome.value, typeof placed>>();
  else if (outcome.error.name === "orderAlreadyPlaced") {
    const id: string | undefined = outcome.error.detail.orderId;
    check<Same<typeof id, string | undefined>>();
  } else if (outcome.error.name === "unavailable") check<Same<typeof outcome.error.detail, undefined>>();
  // @ts-expect-error: the method declares no such error
  else if (outcome.error.name === "outOfStock") return;

  for await (const order of listOrders(client, {})) check<Same<typeof order, OrderView>>();
  for await (const page of orders.listOrders({}).pages())
    check<Same<typeof page.orders, readonly OrderView[] | undefined>>();
  for await (const order of watchOrder(client, { orderId: "1" })) check<Same<typeof order, OrderView>>();
  for await (const item of orders.watchOrder({ orderId: "1" }, { lastEventId: "7" }).items()) {
    check<Same<typeof item.id, string | undefined>>();
  }
  // @ts-expect-error: a stream is no promise
  orders.watchOrder({ orderId: "1" }).then();

  const events = await orders.placeOrder({}).until({ event: [OrderPlaced, OrderCancelled] }, { within: 5_000 });
  if (events.state === "pending") check<Same<typeof events.token, string>>();
  else if (events.event.typeName === "shop.orders.v1.OrderCancelled") {
    const reason: string | undefined = events.event.data?.reason;
    check<Same<typeof reason, string | undefined>>();
  }
  // @ts-expect-error: what has come needs no token
  if (events.state === "reached") events.token;
  const applied = await orders.placeOrder({}).until({ applied: [OrderView] });
  if (applied.state === "reached") check<Same<typeof applied.event, undefined>>();
  const seen = await placeOrder(client, {}).until({
    view: getOrder,
    request: ({ orderId = "" }) => ({ orderId }),
    where: ({ status }) => status === "ORDER_STATUS_SHIPPED",
  });
  if (seen.state === "reached") check<Same<typeof seen.view, OrderView>>();
  // @ts-expect-error: the client looks itself, so nothing can be resumed
  else seen.token;
  await placeOrder(client, {}).until({
    view: watchOrder,
    request: { orderId: "1" },
    where: ({ total }) => total === "1",
  });
  const waited = await client.wait("token", { event: [OrderPlaced] });
  check<
    Same<
      typeof waited.event,
      { readonly typeName: "shop.orders.v1.OrderPlaced"; readonly data?: OrderPlaced } | undefined
    >
  >();

  const promise: Promise<OrderView> = getOrder(client, {});
  check<Same<Awaited<typeof promise>, OrderView>>();
}

check<Same<ResponseOf<typeof watchOrder>, OrderView>>();
check<Same<ResponseOf<typeof getOrder>, OrderView>>();
check<Same<RequestOf<typeof getOrder>, { readonly orderId?: string }>>();
check<Same<keyof ErrorsOf<typeof placeOrder>, "orderAlreadyPlaced">>();

createClient({
  transport: { send: async ({ request }: OutgoingCall) => ({ response: request, headers: new Map() }) },
  token: async ({ renew }) => (renew ? undefined : "token"),
  interceptors: [async (call, next) => next({ ...call, headers: { ...call.headers, "x-a": "1" } })],
});
