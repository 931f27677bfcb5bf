import { type App, memory } from "@potter/runtime";
import { type RunningServer, serve } from "@potter/runtime/node";
import { createShop } from "../../examples/shop/dist/src/app.js";
import { shopDocumentFile } from "./shop-document.js";

/** The shop on a free port, with its document. */
export interface LiveShop extends RunningServer {
  /** Resolves when the read models contain all earlier events. */
  waitForProjections(): Promise<void>;
  /** Controls a projection. */
  readonly projection: App["projection"];
}

/** Serves the shop like its users, in memory. */
export async function startShop(): Promise<LiveShop> {
  const app = createShop(memory(), { document: shopDocumentFile });
  // Tools may pause for seconds between two requests, and the kept-alive connection must survive that.
  const server = await serve(app, { keepAliveTimeout: 120_000 });
  return {
    ...server,
    waitForProjections: () => app.waitForProjections(),
    projection: (definition) => app.projection(definition),
  };
}
