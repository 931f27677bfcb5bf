import { randomUUID } from "node:crypto";
import { PGlite } from "@electric-sql/pglite";
import pg from "pg";
import {
  addLines,
  addPrivateLines,
  createOrderApp,
  createPrivateOrderApp,
  pglite,
  placeOrder,
  placePrivateOrder,
  postgres,
  serve,
} from "../../potter/dist/command.mjs";
import { toNumbers } from "../tables.mjs";

/** `view`, `waits`: see ../../potter/command.ts; `full`: with a personal field, an inline view and command ids. */
export async function start({ store, url, connections, view, waits = false, full = false }) {
  const { query, close, createStore } = store === "pglite" ? await openPglite() : openPostgres(url, connections);
  const app = full ? createPrivateOrderApp(createStore()) : createOrderApp(createStore(), view, waits);
  const server = await serve(app, { port: 0 });
  const [place, add] = full ? [placePrivateOrder, addPrivateLines] : [placeOrder, addLines];
  const options = () => ({ ...(full && { commandId: randomUUID() }) });
  return {
    port: server.port,
    base: full ? "/v2/orders" : "/v1/orders",
    commandIds: full,
    place: async (body) => (await app.send(place, toMessage(body), options())).orderId,
    add: (orderId, body) => app.send(add, { orderId, ...toMessage(body) }, options()),
    hasRows: full || view !== undefined,
    /** An async view may be behind. */
    async stored() {
      if (view === "async") await app.waitForProjections();
      const text = "SELECT (SELECT count(*) FROM potter.events) AS events, (SELECT count(*) FROM potter.rows) AS rows";
      return toNumbers((await query(text)).rows[0]);
    },
    async close() {
      await server.stop();
      await close();
    },
  };
}

function openPostgres(url, connections) {
  const admin = new pg.Pool({ connectionString: url, max: 1 });
  return {
    createStore: () => postgres({ url, connections }),
    query: (text) => admin.query(text),
    close: () => admin.end(),
  };
}

async function openPglite() {
  const database = await PGlite.create();
  return {
    createStore: () => pglite({ database }),
    query: (text) => database.query(text),
    close: () => database.close(),
  };
}

/** Numbers of 64 bits are bigint in messages. */
function toMessage({ lines, ...rest }) {
  return { ...rest, lines: lines.map(({ unitPrice, ...line }) => ({ ...line, unitPrice: BigInt(unitPrice) })) };
}
