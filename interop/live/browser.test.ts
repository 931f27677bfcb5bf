// Swagger UI of the live shop in a real browser.
import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findChromium, openPage } from "./chromium.mjs";
import { type LiveShop, startShop } from "./live-shop.js";
import { findOperation, listOperations } from "./operations.js";
import { readShopDocument, type ShopDocument } from "./shop-document.js";

const program = findChromium();
if (program === undefined) {
  process.stderr.write("\n*** SKIPPED: there is no Chromium, Swagger UI is not tested in a browser\n\n");
}

describe.skipIf(program === undefined)("Swagger UI in Chromium", () => {
  let shop: LiveShop;
  let page: Page;
  let close: () => Promise<void>;
  let document: ShopDocument;
  /** All requests of the page, and all errors that it or the browser reported. */
  const requested: URL[] = [];
  const complaints: string[] = [];

  beforeAll(async () => {
    document = readShopDocument();
    shop = await startShop();
    ({ page, close } = await openPage(String(program), { width: 1200, height: 900 }));
    page.on("request", (request) => requested.push(new URL(request.url())));
    page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(error.message));
    await page.goto(`${shop.url}/docs`);
    await page.waitForSelector(".opblock");
  });

  /** The block of the page that shows an operation. */
  function operationAt(method: string, path: string): Locator {
    const template = findOperation(document, method, path)?.path;
    const summary = page.locator(`.opblock-summary-path[data-path="${template}"]`);
    return page.locator(`.opblock-${method.toLowerCase()}`).filter({ has: summary });
  }

  afterAll(async () => {
    await close?.();
    await shop?.stop();
  });

  it("shows every operation of the document, under the title of the API", async () => {
    expect(page.url()).toBe(`${shop.url}/docs/`);
    const shown = await page.$$eval(".opblock", (blocks) =>
      blocks.map((block) => {
        const text = (selector: string) => block.querySelector(selector)?.textContent ?? "";
        // Swagger UI puts invisible characters where a path may break.
        return `${text(".opblock-summary-method")} ${text(".opblock-summary-path").replaceAll("\u200B", "")}`;
      }),
    );
    const operations = listOperations(document).map(({ method, path }) => `${method} ${path}`);
    expect(shown.sort()).toEqual([...operations].sort());
    expect(await page.textContent(".info .title")).toContain(await page.title());
  });

  it("tries out an operation: an order is placed, and found", async () => {
    const place = operationAt("POST", "/v1/orders");
    await place.locator(".opblock-summary").click();
    await place.getByRole("button", { name: "Try it out" }).click();
    // The headers of waits, with what the service exposes.
    expect(await place.locator('tr[data-param-name="Potter-Wait-For"]').textContent()).toContain("OrderView");
    const body = { customerEmail: "ada@example.com", lines: [{ sku: "teapot", quantity: 2, unitPrice: "1999" }] };
    await place.locator("textarea.body-param__text").fill(JSON.stringify(body));
    const placed = await execute(place);
    expect(placed.status).toBe("200");
    const { orderId } = JSON.parse(placed.body) as { orderId: string };
    expect(orderId).toMatch(/^[\w-]{8,}$/);

    const get = operationAt("GET", `/v1/orders/${orderId}`);
    await get.locator(".opblock-summary").click();
    await get.getByRole("button", { name: "Try it out" }).click();
    await get.locator("tr[data-param-in=path] input").fill(orderId);
    const got = await execute(get);
    expect(got.status).toBe("200");
    expect(JSON.parse(got.body)).toMatchObject({ orderId, total: "3998", lines: body.lines });
  });

  it("shows every schema of the document", async () => {
    const shown = await page.locator("section.models article.json-schema-2020-12").count();
    expect(shown).toBe(Object.keys(document.components.schemas).length);
  });

  it("follows an order by the browser's own EventSource", async () => {
    const seen = await page.evaluate(async () => {
      const body = { orderId: "seen", customerEmail: "ada@example.com", lines: [{ sku: "cup", quantity: 1 }] };
      const post = (path: string, json: unknown) =>
        fetch(path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(json) });
      await post("/v1/orders", body);
      const source = new EventSource("/v1/orders/seen:watch");
      const states: string[] = [];
      await new Promise<void>((resolve) => {
        source.onmessage = ({ data }: MessageEvent<string>) => {
          states.push((JSON.parse(data) as { status: string }).status);
          if (states.length === 1) void post("/v1/orders/seen:ship", {});
          else resolve();
        };
      });
      source.close();
      return states;
    });
    expect(seen).toEqual(["ORDER_STATUS_PLACED", "ORDER_STATUS_SHIPPED"]);
  });

  it("sends requests to the shop only, without errors or policy violations", () => {
    expect(requested.length).toBeGreaterThan(6);
    // Data URLs, such as icons, send no request.
    const external = requested.filter(({ protocol, origin }) => protocol !== "data:" && origin !== shop.url);
    expect(external.map(String)).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it("runs only its own scripts and connects only to the shop", async () => {
    const outcome = await page.evaluate(async () => {
      const script = globalThis.document.createElement("script");
      script.textContent = "document.title = 'taken over'";
      globalThis.document.body.append(script);
      const fetched = await fetch("http://127.0.0.1:9/").then(String, () => "refused");
      return { title: globalThis.document.title, fetched };
    });
    expect(outcome).toEqual({ title: "Shop", fetched: "refused" });
    const violations = complaints.splice(0).filter((text) => text.includes("Content Security Policy"));
    expect(violations.some((text) => text.includes("script-src 'self'"))).toBe(true);
    expect(violations.some((text) => text.includes("connect-src 'self'"))).toBe(true);
  });
});

/** Presses "Execute" and returns the response that the page shows. */
async function execute(block: Locator) {
  await block.getByRole("button", { name: "Execute" }).click();
  const live = block.locator(".live-responses-table");
  await live.waitFor();
  return {
    status: (await textOf(live.locator("tbody .response-col_status").first())).trim(),
    body: await textOf(live.locator(".response-col_description pre").first()),
  };
}

async function textOf(element: Locator): Promise<string> {
  return (await element.textContent()) ?? "";
}
