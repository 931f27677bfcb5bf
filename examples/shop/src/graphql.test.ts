// The shop over GraphQL: the generated schema, executed by graphql-js.
import { type App, memory } from "@potter/runtime";
import { createGraphQLSchema, type ExecutableGraphQL } from "@potter/runtime/graphql";
import { type ExecutionResult, graphql, parse, subscribe } from "graphql";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { graphqlContract } from "../gen/schema_graphql.js";
import { createShop } from "./app.js";

let app: App;
let shop: ExecutableGraphQL;

beforeAll(() => {
  app = createShop(memory());
  shop = createGraphQLSchema(app, { modules: [graphqlContract] });
});
afterAll(() => app.stop());

async function ask(source: string, variableValues: Record<string, unknown> = {}, headers: Record<string, string> = {}) {
  const contextValue = shop.context({ headers });
  const result = await graphql({ schema: shop.schema, source, variableValues, contextValue });
  return JSON.parse(JSON.stringify(result)) as { data?: Record<string, unknown>; errors?: Record<string, unknown>[] };
}

const place = `mutation Place($input: PlaceOrderInput!) { placeOrder(input: $input) { orderId } }`;
const order = (orderId: string) => ({
  input: { orderId, customerEmail: "ada@example.com", lines: [{ sku: "tea", quantity: 2, unitPrice: "450" }] },
});

describe("the shop over GraphQL", () => {
  it("places an order and returns its state", async () => {
    expect(await ask(place, order("o1"))).toEqual({ data: { placeOrder: { orderId: "o1" } } });
    await app.waitForProjections();
    const { data } = await ask(
      `{ order(orderId: "o1") { orderId status total placedAt lines { sku quantity unitPrice } } }`,
    );
    expect(data).toEqual({
      order: {
        orderId: "o1",
        status: "PLACED",
        total: "900",
        placedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/),
        lines: [{ sku: "tea", quantity: 2, unitPrice: "450" }],
      },
    });
  });

  it("lists orders as a connection, to its end", async () => {
    for (const id of ["p1", "p2", "p3"]) await ask(place, order(id));
    await app.waitForProjections();
    const page = `query Page($after: String) {
      orders(first: 2, after: $after, status: PLACED) { edges { cursor node { orderId } } pageInfo { hasNextPage endCursor } }
    }`;
    const seen: string[] = [];
    for (let after: string | null = null, more = true; more; ) {
      const { data } = await ask(page, { after });
      type Orders = {
        edges: { node: { orderId: string } }[];
        pageInfo: { hasNextPage: boolean; endCursor: string };
      };
      const { orders } = data as { orders: Orders };
      seen.push(...orders.edges.map(({ node }) => node.orderId));
      after = orders.pageInfo.endCursor;
      more = orders.pageInfo.hasNextPage;
    }
    expect(seen).toEqual(["o1", "p1", "p2", "p3"]);
  });

  it("accepts only unchanged cursors of the same list, from every app on the store", async () => {
    for (const id of ["q1", "q2", "q3"]) await ask(place, order(id));
    const page = (by: ExecutableGraphQL, args: string) =>
      graphql({
        schema: by.schema,
        source: `{ orders(${args}) { nodes { orderId } edges { cursor } pageInfo { startCursor endCursor } } }`,
        contextValue: by.context({ headers: {} }),
      }) as Promise<ExecutionResult<{ orders: { nodes: { orderId: string }[]; edges: { cursor: string }[] } }>>;
    const first = (await page(shop, "first: 2, status: PLACED")).data?.orders;
    const cursors = first?.edges.map(({ cursor }) => cursor) ?? [];
    expect(cursors).toHaveLength(2);
    const { store } = app;
    const { name, events, rows, projections, keys, states, outbox, schemas } = store;
    const same = {
      name,
      events,
      rows,
      projections,
      keys,
      states,
      outbox,
      schemas,
      start: async () => {},
      stop: async () => {},
    };
    const second = createShop(same as typeof store);
    const other = createGraphQLSchema(second, { modules: [graphqlContract] });
    const all = (await page(shop, "first: 9, status: PLACED")).data?.orders.nodes ?? [];
    for (const [i, cursor] of cursors.entries()) {
      for (const by of [shop, other]) {
        expect((await page(by, `first: 1, status: PLACED, after: "${cursor}"`)).data?.orders.nodes).toEqual([
          all[i + 1],
        ]);
      }
      for (const wrong of [
        `status: SHIPPED, after: "${cursor}"`,
        `after: "${cursor}"`,
        `status: PLACED, after: "${cursor.slice(0, -1)}"`,
        `status: PLACED, after: "${btoa(`${i + 1}:`)}"`,
        `status: PLACED, after: "${btoa(`0:${btoa("p1")}`)}"`,
      ]) {
        const { data, errors } = await page(shop, wrong);
        expect([data, errors?.map(({ message }) => message)]).toEqual([
          { orders: null },
          [expect.stringMatching(/^after is not a cursor of this list/)],
        ]);
      }
    }
    await second.stop();
  });

  it("records the user with the events", async () => {
    const contextValue = shop.context({ headers: {} }, { user: "ada" });
    await graphql({ schema: shop.schema, source: place, variableValues: order("u1"), contextValue });
    const [recorded] = await app.store.events.readStream({ tenant: "", type: "order", id: "u1" });
    expect(recorded?.metadata).toEqual({ user: "ada" });
  });

  it("reports errors as REST does", async () => {
    await ask(place, order("o9"), { "x-correlation-id": "c-1" });
    const again = await ask(place, order("o9"), { "x-correlation-id": "c-1" });
    expect(again.data).toEqual({ placeOrder: null });
    expect(again.errors).toEqual([
      {
        message: "order already placed",
        path: ["placeOrder"],
        locations: [{ line: 1, column: 44 }],
        extensions: {
          code: "ALREADY_EXISTS",
          type: "urn:proto:shop.orders.v1.OrderAlreadyPlaced",
          correlationId: "c-1",
          error: { "@type": "shop.orders.v1.OrderAlreadyPlaced", orderId: "o9" },
        },
      },
    ]);
    const wrong = await ask(place, { input: { ...order("o10").input, customerEmail: "nobody" } });
    expect(wrong.errors?.[0]?.["extensions"]).toEqual({
      code: "INVALID_ARGUMENT",
      violations: [{ field: "customer_email", rule: "string.email", message: expect.any(String) }],
    });
    const none = await ask(`{ order(orderId: "none") { status } stock(sku: "none") { available } }`);
    expect(none.errors?.map(({ path, extensions }) => [path, extensions])).toEqual([
      [["order"], { code: "NOT_FOUND" }],
      [["stock"], { code: "NOT_FOUND" }],
    ]);
  });

  it("runs a command once for its idempotency key", async () => {
    const headers = { "idempotency-key": "once" };
    const input = { input: { ...order("").input } };
    const first = await ask(place, input, headers);
    expect(first.data).toEqual({ placeOrder: { orderId: expect.any(String) } });
    expect(await ask(place, input, headers)).toEqual(first);
  });

  it("follows an order, and events", async () => {
    const contextValue = shop.context({ headers: {} });
    const document = parse(`subscription { order(orderId: "w1") { status } }`);
    const answers = (await subscribe({
      schema: shop.schema,
      document,
      contextValue,
    })) as AsyncIterableIterator<ExecutionResult>;
    await ask(place, order("w1"));
    const seen = [(await answers.next()).value];
    await ask(`mutation { shipOrder(input: { orderId: "w1" }) { shippedAt } }`);
    seen.push((await answers.next()).value);
    await answers.return?.();
    expect(JSON.parse(JSON.stringify(seen))).toEqual([
      { data: { order: { status: "PLACED" } } },
      { data: { order: { status: "SHIPPED" } } },
    ]);
  });
});
