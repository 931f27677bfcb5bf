// Subscriptions of the shop end when their clients disconnect, whatever they are waiting for.
import { type App, createApp, type EventStore, type Middleware, memory, PotterError } from "@potter/runtime";
import { createGraphQLSchema, type ExecutableGraphQL } from "@potter/runtime/graphql";
import { type ExecutionResult, parse, subscribe } from "graphql";
import { afterEach, describe, expect, it, vi } from "vitest";
import { graphqlContract } from "../gen/schema_graphql.js";
import { OrderService } from "../gen/shop/orders/v1/orders_cqrs.js";
import { order } from "./order.js";
import { orderQueries, orderViews } from "./order-views.js";
import { payments, trialGateway } from "./payments.js";
import { stockItem, stockQueries, stockViews } from "./stock.js";

let app: App;
let shop: ExecutableGraphQL;
afterEach(() => app.stop());

function open(...middleware: readonly Middleware[]): { readonly listeners: () => number } {
  const store = memory();
  let count = 0;
  const onAppend = store.events.onAppend.bind(store.events);
  const counted: EventStore["onAppend"] = (listener) => {
    count += 1;
    const forget = onAppend(listener);
    return () => {
      count -= 1;
      forget();
    };
  };
  store.events.onAppend = counted;
  const parts = [order, orderViews, orderQueries, stockItem, stockViews, stockQueries, payments(trialGateway)];
  app = createApp({ store, parts, middleware });
  shop = createGraphQLSchema(app, { modules: [graphqlContract] });
  return { listeners: () => count };
}

const watching = `subscription { order(orderId: "s1") { status } }`;
const following = `subscription { orderEvents(orderId: "s1") { version event { __typename } } }`;

async function follow(source: string, signal?: AbortSignal): Promise<AsyncGenerator<ExecutionResult>> {
  const contextValue = shop.context({ headers: {}, signal });
  const result = await subscribe({ schema: shop.schema, document: parse(source), contextValue });
  if (!(Symbol.asyncIterator in result)) throw new Error(JSON.stringify(result));
  return result as AsyncGenerator<ExecutionResult>;
}

const place = () =>
  app.send(OrderService.methods.placeOrder, {
    orderId: "s1",
    customerEmail: "ada@example.com",
    lines: [{ sku: "tea", quantity: 1, unitPrice: 1n }],
  });

describe.each([
  ["a watched row", watching],
  ["events", following],
])("a subscription to %s", (_, source) => {
  it("ends while it waits, when its client returns", async () => {
    const { listeners } = open();
    await app.start();
    const before = listeners();
    const answers = await follow(source);
    const waiting = answers.next();
    await Promise.resolve();
    await answers.return(undefined);
    expect(await waiting).toEqual({ done: true, value: undefined });
    await vi.waitFor(() => expect(listeners()).toBe(before));
  });

  it("ends while it waits, when the connection is closed", async () => {
    const { listeners } = open();
    await app.start();
    const before = listeners();
    const connection = new AbortController();
    const waiting = (await follow(source, connection.signal)).next();
    connection.abort();
    expect(await waiting).toEqual({ done: true, value: undefined });
    await vi.waitFor(() => expect(listeners()).toBe(before));
  });

  it("returns each event when it is requested", async () => {
    open();
    const answers = await follow(source);
    await place();
    const { value } = await answers.next();
    expect((value as ExecutionResult).errors).toBeUndefined();
    expect(JSON.stringify(value)).toMatch(/PLACED|OrderPlaced/);
    await answers.return(undefined);
  });
});

it("middleware sees who follows events, and can refuse", async () => {
  const seen: unknown[] = [];
  open((method) =>
    method.name !== "Events"
      ? undefined
      : async (call) => {
          seen.push([method.service, method.request.toJson(call.request as never)]);
          throw new PotterError("permission_denied", "only staff may follow orders");
        },
  );
  const result = await subscribe({
    schema: shop.schema,
    document: parse(following),
    contextValue: shop.context({ headers: { "x-correlation-id": "c-7" } }),
  });
  expect(JSON.parse(JSON.stringify(result))).toEqual({
    errors: [
      {
        message: "only staff may follow orders",
        path: ["orderEvents"],
        locations: [{ line: 1, column: 16 }],
        extensions: { code: "PERMISSION_DENIED", correlationId: "c-7" },
      },
    ],
  });
  expect(seen).toEqual([["order", { id: "s1" }]]);
});
