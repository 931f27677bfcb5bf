import { createShopApp, serve } from "../../potter/dist/shop.mjs";
import { countEvents } from "../count-events.mjs";

export const name = "Potter (memory store, serve on node:http)";

export async function start(work) {
  const app = createShopApp({ views: work === "get" });
  const server = await serve(app, { port: 0 });
  return { port: Number(new URL(server.url).port), size: () => countEvents(app) };
}
