// What docs/guides/callers.md shows, carried out.
import { createApp, PotterError, rest } from "@potter/runtime";
import { graphql } from "@potter/runtime/graphql";
import { expect, it } from "vitest";
import { graphqlContract } from "../../gen/schema_graphql.js";
import { order } from "../order.js";
import { orderQueries, orderViews } from "../order-views.js";

const parts = [order, orderViews, orderQueries];
const sessions = {
  async find(header: string | undefined) {
    return header === "Bearer s3cret" ? { user: "ada", tenant: "north" } : undefined;
  },
};
const lines = [{ sku: "teapot", quantity: 1 }];

it("knows who calls, whatever transport the call comes by", async () => {
  const app = createApp({
    parts,
    transports: [rest(), graphql({ modules: [graphqlContract] })],
    caller: async (request) => {
      const session = await sessions.find(request.header("authorization"));
      if (session === undefined) throw new PotterError("unauthenticated", "sign in first");
      return { user: session.user, tenant: session.tenant };
    },
  });

  const post = (path: string, body: object, headers: Record<string, string> = {}): Promise<Response> =>
    app.fetch(
      new Request(`http://shop${path}`, {
        method: "POST",
        headers: { "content-type": "application/json", ...headers },
        body: JSON.stringify(body),
      }),
    );
  const known = { authorization: "Bearer s3cret" };
  const query = "mutation ($input: PlaceOrderInput!) { placeOrder(input: $input) { orderId } }";
  const input = { orderId: "o2", customerEmail: "ada@example.com", lines };
  for (const [path, body] of [
    ["/v1/orders", { customerEmail: 7 }],
    ["/graphql", { query: "{ nothing }" }],
  ] as const) {
    const refused = await post(path, body);
    expect([path, refused.status]).toEqual([path, 401]);
    expect(await refused.text()).toContain("sign in first");
  }
  expect((await post("/v1/orders", { orderId: "o1", customerEmail: "ada@example.com", lines }, known)).ok).toBe(true);
  expect(await (await post("/graphql", { query, variables: { input } }, known)).json()).toEqual({
    data: { placeOrder: { orderId: "o2" } },
  });
  const { events } = await app.store.events.readAll(0, 10);
  expect(events.map(({ stream, metadata }) => [stream.tenant, stream.id, metadata["user"]])).toEqual([
    ["north", "o1", "ada"],
    ["north", "o2", "ada"],
  ]);
  await app.stop();
});
