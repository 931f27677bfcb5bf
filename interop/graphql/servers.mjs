// The shop in other GraphQL servers, each called over HTTP. Prints their responses as JSON.
import { createServer } from "node:http";
import { ApolloServer } from "@apollo/server";
import { startStandaloneServer } from "@apollo/server/standalone";
import { stitchSchemas } from "@graphql-tools/stitch";
import { memory } from "@potter/runtime";
import { createGraphQLSchema } from "@potter/runtime/graphql";
import Fastify from "fastify";
import { createSchema, createYoga } from "graphql-yoga";
import mercurius from "mercurius";
import { graphqlContract } from "../../examples/shop/dist/gen/schema_graphql.js";
import { createShop } from "../../examples/shop/dist/src/app.js";

const app = createShop(memory());
const shop = createGraphQLSchema(app, { modules: [graphqlContract] });
/** A free one each time. */
const port = 0;

/** @param {ReturnType<typeof createYoga>} yoga */
async function serveYoga(yoga) {
  const server = createServer(yoga);
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  return { url: `http://127.0.0.1:${port}/graphql`, stop: () => server.close() };
}

/** @type {Record<string, () => Promise<{ url: string, stop: () => unknown }>>} */
const servers = {
  yoga: () => {
    // GraphQL Yoga
    const yoga = createYoga({ schema: shop.schema, context: ({ request }) => shop.context(request) });

    return serveYoga(yoga);
  },
  "yoga, from parts": () =>
    serveYoga(
      createYoga({
        schema: createSchema({ typeDefs: shop.typeDefs, resolvers: shop.resolvers }),
        context: ({ request }) => shop.context(request),
      }),
    ),
  apollo: async () => {
    // Apollo Server
    const server = new ApolloServer({ typeDefs: shop.typeDefs, resolvers: shop.resolvers });
    const { url } = await startStandaloneServer(server, {
      listen: { port },
      context: async ({ req }) => shop.context(req),
    });

    return { url, stop: () => server.stop() };
  },
  mercurius: async () => {
    // Mercurius
    const fastify = Fastify();
    fastify.register(mercurius, { schema: shop.schema, jit: 1, context: (request) => shop.context(request) });
    await fastify.listen({ port });

    return { url: `${fastify.listeningOrigin}/graphql`, stop: () => fastify.close() };
  },
  stitched: () => {
    const mine = createSchema({
      typeDefs: "type Query { hello: String }",
      resolvers: { Query: { hello: () => "world" } },
    });

    // Beside a schema of yours
    const schema = stitchSchemas({ subschemas: [{ schema: shop.schema }, { schema: mine }] });

    return serveYoga(createYoga({ schema, context: ({ request }) => shop.context(request) }));
  },
};

/** @type {Record<string, unknown>} */
const answers = {};
for (const [name, serve] of Object.entries(servers)) {
  const { url, stop } = await serve();
  const orderId = name.replaceAll(/\W/g, "");
  /** @param {string} query @param {object} [variables] */
  const ask = async (query, variables = {}) => {
    const headers = { "content-type": "application/json", "x-correlation-id": `c-${orderId}` };
    const response = await fetch(url, { method: "POST", headers, body: JSON.stringify({ query, variables }) });
    return await response.json();
  };
  const lines = [{ sku: "tea", quantity: 1, unitPrice: "9007199254740993" }];
  const input = { orderId, customerEmail: "ada@example.com", lines };
  const place = "mutation ($input: PlaceOrderInput!) { placeOrder(input: $input) { orderId } }";
  const placed = await ask(place, { input });
  await app.waitForProjections();
  const find = "query ($id: ID!) { order(orderId: $id) { status total placedAt lines { sku unitPrice } } }";
  // Twice, since a compiled query is run from the second time on.
  await ask(find, { id: orderId });
  const found = await ask(find, { id: orderId });
  const again = await ask(place, { input });
  const hello = name === "stitched" ? await ask("{ hello }") : undefined;
  answers[name] = { placed, found, again, hello };
  await stop();
}
const streamed = await serveYoga(createYoga({ schema: shop.schema, context: ({ request }) => shop.context(request) }));
const body = JSON.stringify({ query: 'subscription { order(orderId: "yoga") { status } }' });
const headers = { "content-type": "application/json", accept: "text/event-stream" };
const end = new AbortController();
const stream = await fetch(streamed.url, { method: "POST", headers, body, signal: end.signal });
let text = "";
for await (const chunk of stream.body ?? []) {
  text += new TextDecoder().decode(chunk);
  if (text.includes("data: {")) break;
}
answers["event stream"] = text;
end.abort();
streamed.stop();
await app.stop();
process.stdout.write(JSON.stringify(answers), () => process.exit(0));
