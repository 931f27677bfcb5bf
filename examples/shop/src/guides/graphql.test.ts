// What docs/guides/graphql.md shows, carried out. tests/docs.test.ts holds the two together; other servers are in interop/graphql.
import { createApp, memory, rest } from "@potter/runtime";
import { graphiql } from "@potter/runtime/graphiql";
import { createGraphQLSchema, graphql } from "@potter/runtime/graphql";
import { serve } from "@potter/runtime/node";
import { ws } from "@potter/runtime/ws";
import { graphql as execute } from "graphql";
import { createClient } from "graphql-ws";
import { expect, it, vi } from "vitest";
import { WebSocket } from "ws";
import { graphqlContract } from "../../gen/schema_graphql.js";
import { OrderService } from "../../gen/shop/orders/v1/orders_cqrs.js";
import { createShop } from "../app.js";
import { order } from "../order.js";
import { orderQueries, orderViews } from "../order-views.js";

const parts = [order, orderViews, orderQueries];
const { placeOrder } = OrderService.methods;
const toPlace = { orderId: "o1", customerEmail: "ada@example.com", lines: [{ sku: "teapot", quantity: 1 }] };

const ask = (body: object): Request =>
  new Request("http://shop/graphql", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });

it("binds a schema to an app", async () => {
  const app = createShop(memory());

  const { schema, typeDefs, resolvers, context } = createGraphQLSchema(app, { modules: [graphqlContract] });

  await app.send(placeOrder, toPlace);
  await app.waitForProjections();
  const source = '{ order(orderId: "o1") { status } }';
  expect(await execute({ schema, source, contextValue: context({ headers: {} }) })).toEqual({
    data: { order: { status: "PLACED" } },
  });
  expect(typeDefs).toContain("type Query");
  expect(Object.keys(resolvers)).toContain("Mutation");
  await app.stop();
});

it("serves it next to REST", async () => {
  const app = createApp({
    parts,
    transports: [rest(), graphql({ modules: [graphqlContract], limits: { depth: 10 } })],
  });

  const place = "mutation ($input: PlaceOrderInput!) { placeOrder(input: $input) { orderId } }";
  const placed = await app.fetch(ask({ query: place, variables: { input: toPlace } }));
  expect(await placed.json()).toEqual({ data: { placeOrder: { orderId: "o1" } } });
  await app.waitForProjections();
  expect((await app.fetch(new Request("http://shop/v1/orders/o1"))).status).toBe(200);
  await app.stop();
});

it("shows GraphiQL", async () => {
  const transport = graphql({
    modules: [graphqlContract],
    ide: graphiql({ title: "Shop", query: "{ orders(first: 10) { nodes { orderId } } }" }),
  });

  const app = createApp({ parts, transports: [transport] });
  const page = await app.fetch(new Request("http://shop/graphql", { headers: { accept: "text/html" } }));
  expect(await page.text()).toContain("<title>Shop</title>");
  await app.stop();
});

it("executes trusted documents", async () => {
  const documents = { one: '{ order(orderId: "o1") { status } }' };

  const transport = graphql({
    modules: [graphqlContract],
    persistedDocuments: { trusted: documents, only: true },
  });

  const app = createApp({ parts, transports: [transport] });
  await app.send(placeOrder, toPlace);
  await app.waitForProjections();
  expect(await (await app.fetch(ask({ documentId: "one" }))).json()).toEqual({ data: { order: { status: "PLACED" } } });
  expect(await (await app.fetch(ask({ query: documents.one }))).json()).toMatchObject({ errors: [{}] });
  await app.stop();
});

it("follows events on a WebSocket", async () => {
  // Newer versions of Node have one, as browsers do.
  vi.stubGlobal("WebSocket", WebSocket);
  const app = createShop(memory());
  await app.send(placeOrder, toPlace);
  const token = "Ada";
  let port = 0;

  const server = await serve(app, { port, webSockets: ws() });

  port = Number(new URL(server.url).port);
  const shown: unknown[] = [];
  const show = (data: unknown): void => {
    shown.push(data);
    void client.dispose();
  };

  const client = createClient({ url: `ws://localhost:${port}/graphql`, connectionParams: { token } });
  const query = 'subscription { orderEvents(orderId: "o1", after: "0") { position } }';
  for await (const { data } of client.iterate({ query })) show(data);

  expect(shown).toEqual([{ orderEvents: { position: "1" } }]);
  await server.stop();
  vi.unstubAllGlobals();
});
