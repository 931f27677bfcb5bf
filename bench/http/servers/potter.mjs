import { createShopApp, serve } from "../../potter/dist/shop.mjs";

export const name = "Potter (memory store, serve on node:http)";

export async function start(work) {
  const app = createShopApp({ views: work === "get" });
  const server = await serve(app, { port: 0 });
  return { port: Number(new URL(server.url).port), size: () => readCount(app) };
}

/** The number of events, one for each order. */
async function readCount(app) {
  let count = 0;
  let after = 0;
  for (;;) {
    const { events, position } = await app.store.events.readAll(after, 10_000);
    if (events.length === 0) return count;
    count += events.length;
    after = position;
  }
}
