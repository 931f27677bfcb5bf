// GraphiQL of the live shop in a real browser.
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { findChromium, openPage } from "./chromium.mjs";
import { type LiveShop, startShop } from "./live-shop.js";

// The browser is slow to start, and an editor of five megabytes is slow to compile.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const program = findChromium();
if (program === undefined) {
  process.stderr.write("\n*** SKIPPED: there is no Chromium, GraphiQL is not tested in a browser\n\n");
}

describe.skipIf(program === undefined)("GraphiQL in Chromium", () => {
  let shop: LiveShop;
  let page: Page;
  let close: () => Promise<void>;
  /** All requests of the page, and all errors that it or the browser reported. */
  const requested: URL[] = [];
  const complaints: string[] = [];

  beforeAll(async () => {
    shop = await startShop();
    ({ page, close } = await openPage(String(program), { width: 1300, height: 900 }));
    page.on("request", (request) => requested.push(new URL(request.url())));
    page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(error.message));
  });

  afterAll(async () => {
    await close?.();
    await shop?.stop();
  });

  /** Opens the page with a document and executes it. */
  async function execute(query: string): Promise<void> {
    await page.goto(`${shop.url}/graphql?${new URLSearchParams({ query })}`);
    await page.locator("button.graphiql-execute-button").click();
  }

  /** The response that the page shows, without the whitespace of its layout. */
  const shown = async () => ((await page.locator(".graphiql-response").textContent()) ?? "").replace(/\s/g, "");

  function place(orderId: string): string {
    const input = `{ orderId: "${orderId}", customerEmail: "ada@example.com", lines: [{ sku: "cup", quantity: 1 }] }`;
    return `mutation { placeOrder(input: ${input}) { orderId } }`;
  }

  it("executes a mutation, and a query that returns its result", async () => {
    await execute(place("seen"));
    await expect.poll(shown).toContain('"placeOrder":{"orderId":"seen"}');
    await shop.waitForProjections();
    await execute(`{ order(orderId: "seen") { status lines { sku } } }`);
    await expect.poll(shown).toContain('"order":{"status":"PLACED","lines":[{"sku":"cup"}]}');
  });

  it("shows the errors of a query", async () => {
    await execute("{ order { status } }");
    await expect.poll(shown).toContain('"code":"INVALID_ARGUMENT"');
    // The browser logs that the status was 400.
    expect(complaints.splice(0).every((text) => text.includes("400"))).toBe(true);
  });

  it("follows a subscription until it is stopped", async () => {
    await execute("subscription { orderEvents { orderId version } }");
    const stop = page.getByRole("button", { name: "Stop query" });
    await stop.waitFor();
    for (const orderId of ["first", "second"]) {
      const answered = await page.request.post(`${shop.url}/graphql`, { data: { query: place(orderId) } });
      expect(answered.status()).toBe(200);
      await expect.poll(shown).toContain(`"orderEvents":{"orderId":"${orderId}","version":1}`);
    }
    await stop.click();
    await page.getByRole("button", { name: "Execute query" }).waitFor();
  });

  it("shows the schema and its descriptions", async () => {
    await page.getByRole("button", { name: "Show Documentation Explorer" }).click();
    const explorer = page.locator(".graphiql-doc-explorer");
    await explorer.getByText("Subscription", { exact: true }).first().click();
    await expect.poll(() => explorer.textContent()).toContain("Follows an order: how it stands now");
  });

  it("sends requests to the shop only, without errors or policy violations", () => {
    expect(requested.length).toBeGreaterThan(6);
    const external = requested.filter(({ protocol, origin }) => protocol !== "data:" && origin !== shop.url);
    expect(external.map(String)).toEqual([]);
    expect(complaints).toEqual([]);
  });
});
