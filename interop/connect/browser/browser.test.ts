// Clients for web pages that others wrote, in a real browser, on a page of another origin than the service.
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { type RunningServer, serve } from "@potter/runtime/node";
import { build } from "esbuild";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findChromium, openPage } from "../../live/chromium.mjs";
import { createConformanceApp } from "../server/app.js";
import type { Outcome } from "./page.js";

const program = findChromium();
if (program === undefined) {
  process.stderr.write("\n*** SKIPPED: there is no Chromium, gRPC-Web and Connect are not called by a browser\n\n");
}

describe.skipIf(program === undefined)("in Chromium", () => {
  let pages: Server;
  let server: RunningServer;
  let page: Page;
  let close: () => Promise<void>;

  beforeAll(async () => {
    const { outputFiles } = await build({
      entryPoints: [`${import.meta.dirname}/page.ts`],
      bundle: true,
      write: false,
      format: "iife",
    });
    const script = outputFiles[0]?.text ?? "";
    pages = createServer(({ url }, response) => {
      if (url === "/page.js") response.setHeader("content-type", "text/javascript").end(script);
      else response.setHeader("content-type", "text/html").end("<!doctype html><script src=/page.js></script>");
    }).listen(0, "127.0.0.1");
    await new Promise((resolve) => pages.once("listening", resolve));
    const origin = `http://127.0.0.1:${(pages.address() as AddressInfo).port}`;
    const cors = {
      origins: [origin],
      exposeHeaders: ["x-first", "x-last", "trailer-x-last"],
      allowHeaders: ["x-asked"],
    };
    server = await serve(createConformanceApp({}, { http: { cors } }));
    ({ page, close } = await openPage(String(program), { width: 400, height: 300 }));
    await page.goto(origin);
  });

  afterAll(async () => {
    await close?.();
    await server?.stop();
    pages?.close();
  });

  it.each(["grpc-web in text", "grpc-web in binary", "connect-web by Connect", "connect-web by gRPC-Web"])(
    "%s calls, receives errors and reads streams",
    async (name) => {
      const call = `run(${JSON.stringify(name)}, ${JSON.stringify(server.url)})`;
      const [success, failure, stream, failed] = (await page.evaluate(call)) as Outcome[];
      const error = { code: 11, message: "no more ☺" };
      expect(success).toEqual({ texts: ["Grüße"], header: "1", trailer: "9" });
      expect(failure).toMatchObject({ texts: [], trailer: "9", error });
      expect(stream).toEqual({ texts: ["one", "two", "drei ä"], header: "1", trailer: "9" });
      // grpc-web reports headers only after the last message, and not of those of a failed call.
      expect(failed).toMatchObject({ texts: ["one", "two", "drei ä"], trailer: "9", error });
    },
  );
});
