// Runs the commands that docs/guides/operating.md shows, in the order of the page, on a store with two orders.
import { execFileSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { readText, root } from "./sources.js";

const shop = (path: string): string => JSON.stringify(new URL(`../examples/shop/dist/${path}`, import.meta.url).href);

/** The shop, with a read model of stock that knows no cups. */
const app = `import { createApp } from "@potter/runtime";
import { pglite } from "@potter/runtime/pglite";
import { StockView } from ${shop("gen/shop/stock/v1/stock_cqrs.js")};
import { order } from ${shop("src/order.js")};
import { orderQueries, orderViews } from ${shop("src/order-views.js")};
import { stockItem, stockQueries, stockViews } from ${shop("src/stock.js")};
const stockReplenished = (event, ...rest) => {
  // Fixed by the time of the rebuild.
  if (event.sku === "cup" && !process.argv.includes("rebuild")) throw new RangeError("no cups");
  return stockViews.on.stockReplenished(event, ...rest);
};
const stock = StockView.projection({ retries: 0, on: { ...stockViews.on, stockReplenished } });
export const app = createApp({ store: pglite("./data"), parts: [order, orderViews, orderQueries, stockItem, stock, stockQueries] });
`;

const seed = `import { app } from "./app.js";
import { OrderService } from ${shop("gen/shop/orders/v1/orders_cqrs.js")};
import { StockService } from ${shop("gen/shop/stock/v1/stock_cqrs.js")};
const lines = [{ sku: "teapot", quantity: 1, unitPrice: 1999n }];
const { placeOrder, shipOrder } = OrderService.methods;
await app.send(placeOrder, { orderId: "4711", customerEmail: "ada@example.com", lines });
await app.send(shipOrder, { orderId: "4711" });
await app.send(placeOrder, { orderId: "4712", customerEmail: "bob@example.com", lines });
await app.send(StockService.methods.replenish, { sku: "teapot", quantity: 10 });
await app.send(StockService.methods.replenish, { sku: "cup", quantity: 24 });
await app.send(StockService.methods.replenish, { sku: "cup", quantity: 6 });
await app.waitForProjections();
await app.stop();
`;

const index = `export const index = async ({ message }) => {};\n`;

const project = mkdtempSync(join(tmpdir(), "potter-operating-"));
const run = (...args: readonly string[]): string =>
  // PGlite is WebAssembly: in a process that ends soon, optimizing its code takes more CPU time than it saves.
  execFileSync("/bin/sh", ["-c", `"$0" --liftoff-only "$@" 2>&1`, process.execPath, ...args], {
    cwd: project,
    encoding: "utf8",
  });

beforeAll(() => {
  mkdirSync(join(project, "node_modules"));
  mkdirSync(join(project, "dist"));
  symlinkSync(join(root, "node_modules/@potter"), join(project, "node_modules/@potter"));
  const manifest = JSON.stringify({ type: "module", potter: { app: "./app.js" } });
  const files = { "package.json": manifest, "app.js": app, "seed.js": seed, "dist/search.js": index };
  for (const [path, text] of Object.entries(files)) writeFileSync(join(project, path), text);
  run("seed.js");
});
afterAll(() => rmSync(project, { recursive: true, force: true }));

/** Values that differ between runs are replaced by their kind. */
const normalize = (text: string): string =>
  text
    .replaceAll(/\b[\da-f]{8}-[\da-f-]{27}\b/g, "<id>")
    .replaceAll(/\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?Z?/g, "<time>")
    .replaceAll(/version +\d+/g, "version <n>")
    .replaceAll(/in \d[\d.,]* m?s \(.*?\)/g, "in <while>")
    .replaceAll(/\d[\d.]* [kMG]?B\b.*$/gm, "<size>")
    .replaceAll(/(RangeError: ).*$/gm, "$1<place>")
    .replaceAll(/-{2,}/g, "-")
    .replaceAll(/ +/g, " ")
    .replaceAll(/ $/gm, "")
    .trim();

it("shows the output of the commands", () => {
  const console_ = [...readText("docs/guides/operating.md").matchAll(/^```console\n([\s\S]*?)^```$/gm)];
  const shown = console_.flatMap(([, block = ""]) =>
    [...block.matchAll(/^\$ potter (.*)\n((?:(?!\$ ).*\n)*)/gm)].map(([, args = "", out = ""]) => ({ args, out })),
  );
  const bin = join(root, "cli/bin/potter.js");
  for (const { args, out } of shown) {
    const said = run(bin, ...args.split(" "));
    if (process.env["SHOW_OPERATING"] === "1") process.stderr.write(`$ potter ${args}\n${said}`);
    else {
      // A line with only … matches any lines.
      const parts = normalize(out).split("…").map((part) => part.trim().replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&")); // biome-ignore format: one line
      expect.soft(normalize(said), `potter ${args}`).toMatch(new RegExp(`^${parts.join("[^]*")}$`));
    }
  }
  expect(shown.length).toBeGreaterThan(12);
  // The rebuild would never finish.
  run(bin, "projections", "pause", "StockView");
  expect(() => run(bin, "projections", "rebuild", "StockView")).toThrow(
    expect.objectContaining({ status: 1, stdout: expect.stringContaining("potter projections resume StockView") }),
  );
  expect(normalize(`${randomUUID()}  x`)).toBe("<id> x");
});
