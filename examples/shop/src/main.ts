// Starts the shop, checks out over HTTP, once with a card that is declined, and shows the result.
//   npm run demo                        in memory, ends when done
//   npm run demo -- --serve             keeps serving until Ctrl-C
//   npm run demo -- --serve --port 80   at this port; default 8080, and any that is free without --serve
//   npm run demo -- --data ./data       keeps its data in a folder
//   npm run demo -- --serve --origin http://localhost:5173
//                                       pages of this origin may call it; several: once for each
// Warnings and errors are logged to stderr.
import { parseArgs } from "node:util";
import { consoleLogger, serve } from "@potter/runtime/node";
import { pglite } from "@potter/runtime/pglite";
import { ws } from "@potter/runtime/ws";
import { Order } from "../gen/shop/orders/v1/orders_cqrs.js";
import { createShop } from "./app.js";
import { ask, call, follow } from "./demo-client.js";
import { askOverEachTransport } from "./demo-surfaces.js";

const { values } = parseArgs({
  options: {
    serve: { type: "boolean" },
    data: { type: "string" },
    port: { type: "string" },
    origin: { type: "string", multiple: true },
  },
});

const document = new URL("../../gen/openapi.yaml", import.meta.url);
const logger = consoleLogger({ level: "warn" });
const app = createShop(pglite(values.data), {
  document,
  logger,
  ...(values.origin && { origins: values.origin }),
});
const server = await serve(app, {
  logger,
  port: Number(values.port ?? (values.serve ? 8080 : 0)),
  signals: ["SIGINT", "SIGTERM"],
  webSockets: ws(),
});
const { url } = server;

console.log(`The shop is open at ${url}`);
const followed = await follow(url, "subscription { orderEvents { version event { __typename } } }");
await call(url, "POST", "/v1/stock/teapot:replenish", { quantity: 10 });

/** Starts a checkout, and shows each change of it until it has ended. */
async function checkOut(cardToken: string): Promise<string> {
  const { orderId } = await call(url, "POST", "/v1/checkouts", {
    customerEmail: "ada@example.com",
    lines: [{ sku: "teapot", quantity: 2, unitPrice: "1999" }],
    cardToken,
  });
  const query = `subscription { checkout(orderId: "${orderId}") { status failure steps { name status } } }`;
  for (const change of await (await follow(url, query)).until(/COMPLETED|COMPENSATED/)) console.log(change);
  return orderId;
}

console.log("\nA checkout: a saga places the order, reserves the articles, charges the card and ships");
const orderId = await checkOut("visa");
await ask(url, `{ order(orderId: "${orderId}") { status total lines { sku } } }`);

console.log("\nA checkout whose card is declined: the saga undoes what was done");
const declined = await checkOut("declined");
await call(url, "GET", `/v1/orders/${declined}`);
await app.waitForProjections();
await call(url, "GET", "/v1/stock/teapot");

console.log("\nThe generated client asks for the first order over each transport, on the same port");
await askOverEachTransport(url, orderId);

console.log(`\nThe events of order ${orderId}`);
for (const event of await app.history(Order, orderId)) {
  console.log(`${event.version} ${event.type} ${JSON.stringify(event.data)}`);
}

console.log("\nWhat a GraphQL subscription received meanwhile");
for (const event of await followed.first(2)) console.log(event);

if (values.serve)
  console.log(
    `\nServing at ${url} (REST at /docs, GraphQL at /graphql; gRPC, Connect and WebSocket too), Ctrl-C ends it.`,
  );
else await server.stop();
