// Starts the shop, places an order over HTTP and shows what came of it.
//   npm run demo                        in memory, ends when done
//   npm run demo -- --serve             goes on serving until Ctrl-C
//   npm run demo -- --data ./data       keeps its data in a folder
import { parseArgs } from "node:util";
import { serve } from "@potter/runtime/node";
import { pglite } from "@potter/runtime/pglite";
import { Order } from "../gen/shop/orders/v1/orders_cqrs.js";
import { createShop } from "./app.js";

const { values } = parseArgs({
  options: { serve: { type: "boolean" }, data: { type: "string" }, port: { type: "string" } },
});

const document = new URL("../../gen/openapi.yaml", import.meta.url);
const app = createShop(pglite(values.data), { document });
const server = await serve(app, {
  port: Number(values.port ?? (values.serve ? 8080 : 0)),
  signals: ["SIGINT", "SIGTERM"],
});

async function call(method: string, path: string, body?: unknown): Promise<{ orderId: string }> {
  const response = await fetch(`${server.url}${path}`, {
    method,
    ...(body !== undefined && { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
  });
  const json = (await response.json()) as { orderId: string };
  console.log(`\n${method} ${path} → ${response.status}\n${JSON.stringify(json, undefined, 2)}`);
  if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}`);
  return json;
}

console.log(`The shop is open at ${server.url}`);
const { orderId } = await call("POST", "/v1/orders", {
  customerEmail: "ada@example.com",
  lines: [{ sku: "teapot", quantity: 2, unitPrice: "1999" }],
});
await call("GET", `/v1/orders/${orderId}`);
await call("POST", `/v1/orders/${orderId}:ship`, {});
await call("GET", `/v1/orders/${orderId}`);

console.log(`\nThe events of order ${orderId}`);
for (const event of await app.history(Order, orderId)) {
  console.log(`${event.version} ${event.type} ${JSON.stringify(event.data)}`);
}

if (values.serve) console.log(`\nServing at ${server.url} (its API at /docs), Ctrl-C ends it.`);
else await server.stop();
