import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import { CommandHandler } from "@event-driven-io/emmett";
import { getPostgreSQLEventStore, pongoSingleStreamProjection } from "@event-driven-io/emmett-postgresql";
import { pongoClient } from "@event-driven-io/pongo";
import express from "express";
import pg from "pg";
import { listen } from "../../harness/listen.mjs";
import { createValidator } from "../../http/order.mjs";
import { toNumbers } from "../tables.mjs";

// Its command handler, and a collection of documents that changes in the transaction of the append.

export async function start({ url, connections }) {
  const pool = new pg.Pool({ connectionString: url, max: connections });
  const projection = pongoSingleStreamProjection({
    collectionName: "orders",
    canHandle: ["order.placed"],
    initialState: () => ({ status: "ORDER_STATUS_PLACED", total: 0, lines: [] }),
    evolve: ({ status, total }, { data: { lines, placedAt } }) => ({
      status,
      total: total + lines.reduce((sum, { quantity, unitPrice }) => sum + quantity * unitPrice, 0),
      lines,
      placedAt,
    }),
  });
  const store = getPostgreSQLEventStore(url, {
    connectionOptions: { pool },
    projections: [{ type: "inline", projection }],
  });
  await store.schema.migrate();
  const orders = pongoClient(url, { connectionOptions: { pool } }).db().collection("orders");
  await orders.createCollection();
  const handle = CommandHandler({
    initialState: () => ({ lines: 0 }),
    evolve: ({ lines }, { data }) => ({ lines: lines + data.lines.length }),
    retry: { onVersionConflict: true },
  });
  const validate = createValidator();

  const write = async (orderId, { customerEmail, lines }) => {
    await handle(store, orderId, ({ lines: count }) => {
      if (count > 1_000_000) throw new Error("too many lines");
      const placedAt = new Date().toISOString();
      return [{ type: "order.placed", data: { orderId, customerEmail, lines, placedAt }, metadata: {} }];
    });
    return { orderId };
  };

  const app = express();
  const post = async (request, response, orderId) => {
    const { body } = request;
    if (!validate(body)) return response.status(400).json({ title: "Invalid", status: 400, errors: validate.errors });
    response.json(await write(orderId ?? body.orderId ?? randomUUID(), body));
  };
  app.post("/v1/orders", express.json(), (request, response) => post(request, response));
  app.post("/v1/orders/:orderId/lines", express.json(), (request, response) =>
    post(request, response, request.params.orderId),
  );
  app.get("/v1/orders/:orderId", async (request, response) => {
    const { orderId } = request.params;
    const order = await orders.findOne({ _id: orderId });
    if (order === null) return response.status(404).json({ title: "Not Found", status: 404 });
    const { status, total, lines, placedAt } = order;
    response.json({ orderId, status, total, lines, placedAt });
  });
  const { port } = await listen(createServer(app));
  return {
    port,
    base: "/v1/orders",
    async stored() {
      const text = "SELECT (SELECT count(*) FROM emt_messages) AS events, (SELECT count(*) FROM orders) AS rows";
      return toNumbers((await pool.query(text)).rows[0]);
    },
    async close() {
      await store.close();
      await pool.end();
    },
  };
}
