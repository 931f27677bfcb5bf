import { createServer } from "node:http";
import { listen } from "../../harness/listen.mjs";
import { createValidator } from "../../http/order.mjs";
import { getOrder, openTables, readStored, toOrder } from "../tables.mjs";

// The least that hand-written code can do: one prepared statement stores the event and the row.

const create = {
  name: "create",
  text: `WITH o AS (
      INSERT INTO orders VALUES ($1, 1, 'ORDER_STATUS_PLACED', $2, $3, $4) RETURNING version
    ) INSERT INTO events (stream, version, type, data) SELECT $1, version, 'order.placed', $5 FROM o`,
};
const add = {
  name: "add",
  text: `WITH o AS (
      INSERT INTO orders VALUES ($1, 1, 'ORDER_STATUS_PLACED', $2, $3, $4)
      ON CONFLICT (id) DO UPDATE SET version = orders.version + 1, total = orders.total + excluded.total,
        lines = excluded.lines, placed_at = excluded.placed_at
      RETURNING version
    ) INSERT INTO events (stream, version, type, data) SELECT $1, version, 'order.lines_added', $5 FROM o`,
};

export async function start(options) {
  const tables = await openTables(options);
  const validate = createValidator();

  const write = async (statement, orderId, body) => {
    const { id, total, lines, placedAt, event } = toOrder(orderId, body);
    await tables.query({ ...statement, values: [id, total, lines, placedAt, event] });
    return { orderId: id };
  };
  const place = (body) => write(create, body.orderId, body);
  const addLines = (orderId, body) => write(add, orderId, body);

  const send = (response, status, body) => {
    response.statusCode = status;
    response.setHeader("content-type", status < 400 ? "application/json" : "application/problem+json");
    response.end(JSON.stringify(body));
  };
  const post = (request, response, orderId) => {
    let text = "";
    request.setEncoding("utf8");
    request.on("data", (chunk) => {
      text += chunk;
    });
    request.on("end", async () => {
      try {
        const body = JSON.parse(text);
        if (!validate(body)) return send(response, 400, { title: "Invalid", status: 400, errors: validate.errors });
        send(response, 200, await (orderId === undefined ? place(body) : addLines(orderId, body)));
      } catch (error) {
        send(response, error instanceof SyntaxError ? 400 : 500, { title: error.message });
      }
    });
  };
  const server = createServer(async (request, response) => {
    const [, , , id] = request.url.split("/");
    if (request.method === "POST") return post(request, response, id && decodeURIComponent(id));
    const order = await getOrder(tables, decodeURIComponent(id));
    send(response, order === undefined ? 404 : 200, order ?? { title: "Not Found", status: 404 });
  });
  const { port } = await listen(server);
  return {
    port,
    base: "/v1/orders",
    /** What a handler does, without HTTP. */
    async place(body) {
      if (!validate(body)) throw new Error("invalid");
      return (await place(body)).orderId;
    },
    async add(orderId, body) {
      if (!validate(body)) throw new Error("invalid");
      await addLines(orderId, body);
    },
    stored: () => readStored(tables),
    close: () => tables.close(),
  };
}
