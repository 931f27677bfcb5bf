// The generated client of the shop in Chromium, in Bun, in Deno and in workerd, against the live shop; and the React example.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { memory } from "@potter/runtime";
import { type RunningServer, serve } from "@potter/runtime/node";
import { ws } from "@potter/runtime/ws";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createShop } from "../../examples/shop/dist/src/app.js";
import { findChromium, openPage } from "../live/chromium.mjs";
import { bundlePage, platforms } from "./platforms.js";
import type { Seen } from "./portable-calls.js";

let shop: RunningServer;
const folder = mkdtempSync(join(tmpdir(), "potter-client-"));

beforeAll(async () => {
  shop = await serve(createShop(memory()), { webSockets: ws() });
});

afterAll(async () => {
  await shop.stop();
  rmSync(folder, { recursive: true, force: true });
});

const expected: Seen = {
  states: ["ORDER_STATUS_PLACED", "ORDER_STATUS_SHIPPED"],
  refused: "orderAlreadyShipped",
  listed: true,
  total: "3998",
};

it.each(Object.entries(platforms))("%s calls the shop over Connect, REST and WebSockets", async (name, run) => {
  expect(await run(shop.url, folder)).toEqual({ connect: expected, rest: expected, webSocket: expected });
  expect(name).not.toBe("");
});

const program = findChromium();
if (program === undefined) {
  process.stderr.write("\n*** SKIPPED: there is no Chromium, the client is not tested in a browser\n\n");
}

describe.skipIf(program === undefined)("in Chromium", () => {
  let page: Page;
  let close: () => Promise<void>;
  const complaints: string[] = [];

  beforeAll(async () => {
    ({ page, close } = await openPage(String(program), { width: 800, height: 600 }));
    const script = await bundlePage();
    page.on("pageerror", (error) => complaints.push(error.message));
    // Any page of the shop: its address is what the browser judges requests by.
    await page.goto(`${shop.url}/v1/orders`);
    await page.evaluate(() => document.body.append(Object.assign(document.createElement("div"), { id: "root" })));
    await page.addScriptTag({ content: script });
  });

  afterAll(() => close?.());

  const run = (code: string): Promise<unknown> => page.evaluate(code);

  it.each(["connect", "rest", "webSocket"])("the client calls the shop over %s", async (name) => {
    expect(await run(`call(${JSON.stringify(name)})`)).toEqual(expected);
  });

  it("sends short queries by GET, which needs no preflight", async () => {
    const requested: string[] = [];
    page.on("request", (request) => requested.push(request.method()));
    // The contract allows caches to keep the list for two seconds.
    const listed = expect.any(Boolean);
    expect(await run('call("connect", "by GET")')).toEqual({ ...expected, listed });
    expect(requested).toContain("GET");
    expect(requested).not.toContain("OPTIONS");
  });

  it("the React example shows an order, follows it, ships it, and tells a declared error", async () => {
    const orderId = "react";
    const lines = [{ sku: "cup", quantity: 3, unitPrice: "500" }];
    await fetch(`${shop.url}/v1/orders`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ orderId, customerEmail: "ada@example.com", lines }),
    });
    await run(`show(${JSON.stringify(orderId)})`);
    const text = (selector: string) => page.textContent(selector);
    await expect.poll(() => text("#total")).toBe("1500");
    await expect.poll(() => text("#live")).toBe("ORDER_STATUS_PLACED");
    await expect.poll(() => page.locator("li").count()).toBe(2);
    await page.click("#more");
    await expect.poll(() => page.locator("li").count()).toBeGreaterThan(2);
    await page.click("#ship");
    await expect.poll(() => text("#live")).toBe("ORDER_STATUS_SHIPPED");
    await page.click("#ship");
    await expect.poll(() => text("#refused")).toBe("not open: ORDER_STATUS_SHIPPED");
    await run("leave()");
    expect(complaints).toEqual([]);
  });
});
