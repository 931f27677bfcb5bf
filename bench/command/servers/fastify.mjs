import addFormats from "ajv-formats";
import Fastify from "fastify";
import { requestSchema, responseSchema, viewSchema } from "../../http/order.mjs";
import { getOrder, openTables, readStored, toOrder } from "../tables.mjs";

// As most services are written: a transaction of two statements.

const upsert = {
  name: "upsert",
  text: `INSERT INTO orders VALUES ($1, 1, 'ORDER_STATUS_PLACED', $2, $3, $4)
    ON CONFLICT (id) DO UPDATE SET version = orders.version + 1, total = orders.total + excluded.total,
      lines = excluded.lines, placed_at = excluded.placed_at
    RETURNING version`,
};
const insert = { name: "insert", text: "INSERT INTO events (stream, version, type, data) VALUES ($1, $2, $3, $4)" };

export async function start(options) {
  const tables = await openTables(options);

  const write = async (orderId, body) => {
    const { id, total, lines, placedAt, event } = toOrder(orderId, body);
    const client = await tables.connect();
    try {
      await client.query("BEGIN");
      // First the row, whose lock lets one transaction at a time draw the next version of an order.
      const { rows } = await client.query({ ...upsert, values: [id, total, lines, placedAt] });
      await client.query({ ...insert, values: [id, rows[0].version, "order.placed", event] });
      await client.query("COMMIT");
    } catch (error) {
      await client.query("ROLLBACK");
      throw error;
    } finally {
      client.release();
    }
    return { orderId: id };
  };

  // Its ajv coerces and strips by default: turned off, so that it refuses what the others refuse.
  const app = Fastify({
    ajv: { customOptions: { coerceTypes: false, removeAdditional: false }, plugins: [addFormats] },
  });
  const schema = { body: requestSchema, response: { 200: responseSchema } };
  app.post("/v1/orders", { schema }, ({ body }) => write(body.orderId, body));
  app.post("/v1/orders/:orderId/lines", { schema }, ({ params, body }) => write(params.orderId, body));
  app.get("/v1/orders/:orderId", { schema: { response: { 200: viewSchema } } }, async ({ params }, reply) => {
    const order = await getOrder(tables, params.orderId);
    return order ?? reply.code(404).send({ title: "Not Found", status: 404 });
  });
  await app.listen({ port: 0, host: "127.0.0.1" });
  return {
    port: app.server.address().port,
    base: "/v1/orders",
    stored: () => readStored(tables),
    close: () => tables.close(),
  };
}
