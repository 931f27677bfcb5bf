// The shop over GraphQL as clients reach it: by HTTP, from a Node server, next to REST.
import { createApp, rest } from "@potter/runtime";
import { graphql } from "@potter/runtime/graphql";
import { serve } from "@potter/runtime/node";
import { expect, it } from "vitest";
import { graphqlContract } from "../gen/schema_graphql.js";
import { order } from "./order.js";
import { orderQueries, orderViews } from "./order-views.js";

it("takes an order over GraphQL and shows it over REST", async () => {
  const users: unknown[] = [];
  const app = createApp({
    parts: [order, orderViews, orderQueries],
    transports: [rest(), graphql({ modules: [graphqlContract] })],
    caller: (request) => ({ user: request.header("x-user") }),
    middleware: [
      () => (call, next) => {
        users.push(call.context.user);
        return next(call);
      },
    ],
  });
  const server = await serve(app);
  const ask = async (query: string) => {
    const response = await fetch(`${server.url}/graphql`, {
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/graphql-response+json", "x-user": "ada" },
      body: JSON.stringify({ query }),
    });
    return [response.status, await response.json()] as const;
  };
  try {
    const lines = `[{ sku: "tea", quantity: 2, unitPrice: 450 }]`;
    const input = `{ orderId: "o1", customerEmail: "ada@example.com", lines: ${lines} }`;
    expect(await ask(`mutation { placeOrder(input: ${input}) { orderId } }`)).toEqual([
      200,
      { data: { placeOrder: { orderId: "o1" } } },
    ]);
    await app.waitForProjections();
    expect(await ask(`{ order(orderId: "o1") { total } }`)).toEqual([200, { data: { order: { total: "900" } } }]);
    expect(await (await fetch(`${server.url}/v1/orders/o1`)).json()).toMatchObject({ orderId: "o1" });
    expect(await ask(`{ order(orderId: "o2") { total } }`)).toEqual([
      200,
      {
        data: { order: null },
        errors: [expect.objectContaining({ extensions: expect.objectContaining({ code: "NOT_FOUND" }) })],
      },
    ]);
    expect(users).toEqual(["ada", "ada", "", "ada"]);
  } finally {
    await server.stop();
  }
});
