// Platforms that bind all work to a request, such as Cloudflare Workers, allow no timer, random number or stream before the first
// request. They evaluate the module that creates an app before that.
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import { afterAll, beforeAll, expect, it } from "vitest";
import { root } from "./sources.js";

const run = promisify(execFile);

const worker = `
import { createApp, memory, outbox, rest } from "@potter/runtime";
import { graphql } from "@potter/runtime/graphql";
import { graphqlContract } from "./examples/shop/gen/schema_graphql.js";
import { orderQueries, orderViews } from "./examples/shop/src/order-views.js";
import { order } from "./examples/shop/src/order.js";
import { payments, trialGateway } from "./examples/shop/src/payments.js";
import { stockItem, stockQueries, stockViews } from "./examples/shop/src/stock.js";

export const app = createApp({
  store: memory(),
  parts: [order, orderViews, orderQueries, stockItem, stockViews, stockQueries, payments(trialGateway)],
  transports: [rest(), graphql({ modules: [graphqlContract] })],
  outbox: outbox({ publish: async () => {} }),
});
`;

/** Evaluates the worker, then sends it requests. */
const driver = `
const names = ["AbortController", "AbortSignal", "CompressionStream", "DecompressionStream", "fetch", "setInterval", "setTimeout"];
const real = new Map(names.map((name) => [name, globalThis[name]]));
const random = globalThis.crypto.getRandomValues;
const forbid = (name) => function () { throw new Error(name + " before the first request"); };
for (const name of names) globalThis[name] = forbid(name);
globalThis.crypto.getRandomValues = forbid("a random number");
const { app } = await import("./worker.mjs");
for (const [name, value] of real) globalThis[name] = value;
globalThis.crypto.getRandomValues = random;
const ask = async (query, encoding) => {
  const headers = { "content-type": "application/json", ...(encoding && { "content-encoding": "gzip" }) };
  const text = JSON.stringify({ query });
  const body = encoding ? new Response(text).body.pipeThrough(new CompressionStream("gzip")) : text;
  const response = await app.fetch(new Request("http://shop/graphql", { method: "POST", headers, body, duplex: "half" }));
  return (await response.json()).data;
};
const line = '{ sku: "teapot", quantity: 1, unitPrice: "1999" }';
await ask('mutation { placeOrder(input: { customerEmail: "ada@example.com", lines: [' + line + "] }) { orderId } }", true);
console.log(JSON.stringify(await ask("{ orders { nodes { status } } }")));
await app.stop();
`;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "potter-"));
});
afterAll(() => rm(folder, { recursive: true }));

it("an app can be created before the first request", async () => {
  await build({
    stdin: { contents: worker, resolveDir: root, loader: "ts" },
    bundle: true,
    outfile: join(folder, "worker.mjs"),
    format: "esm",
    platform: "neutral",
    mainFields: ["module", "main"],
    conditions: ["import"],
    logLevel: "silent",
  });
  await writeFile(join(folder, "driver.mjs"), driver);
  const { stdout } = await run(process.execPath, [join(folder, "driver.mjs")]);
  expect(JSON.parse(stdout)).toEqual({ orders: { nodes: [{ status: "PLACED" }] } });
});
