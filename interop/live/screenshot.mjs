#!/usr/bin/env node
// Takes the screenshot of the docs: Swagger UI of the shop, with an expanded operation.
//   node interop/live/screenshot.mjs    writes docs/images/swagger-ui.png
import { fileURLToPath } from "node:url";
import { memory } from "@potter/runtime";
import { serve } from "@potter/runtime/node";
import { createShop } from "../../examples/shop/dist/src/app.js";
import { findChromium, openPage } from "./chromium.mjs";

const program = findChromium();
if (program === undefined) throw new Error("there is no Chromium: expected /usr/bin/chromium, or set POTTER_CHROMIUM");
const document = new URL("../../examples/shop/gen/openapi.yaml", import.meta.url);
const server = await serve(createShop(memory(), { document }));
const { page, close } = await openPage(program, { width: 1200, height: 1000 });
try {
  await page.goto(`${server.url}/docs/`);
  await page.locator(".opblock-post .opblock-summary").first().click();
  await page.getByRole("button", { name: "Try it out" }).first().waitFor();
  await page.mouse.move(0, 0);
  await page.screenshot({
    path: fileURLToPath(new URL("../../docs/images/swagger-ui.png", import.meta.url)),
    animations: "disabled",
  });
} finally {
  await close();
  await server.stop();
}
