import { randomUUID } from "node:crypto";
import { PGlite } from "@electric-sql/pglite";
import pg from "pg";

/** What hand-written code keeps: events, and a row for each order. */
const schema = `
  CREATE TABLE events (
    pos bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    stream text NOT NULL,
    version bigint NOT NULL,
    type text NOT NULL,
    data jsonb NOT NULL,
    at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (stream, version)
  );
  CREATE TABLE orders (
    id text PRIMARY KEY,
    version bigint NOT NULL,
    status text NOT NULL,
    total bigint NOT NULL,
    lines jsonb NOT NULL,
    placed_at timestamptz NOT NULL
  )`;

/** Opens a pool of connections, or PGlite in memory, with the tables. Both have `query({ name, text, values })`. */
export async function openTables({ store, url, connections }) {
  if (store === "pglite") {
    const database = await PGlite.create();
    await database.exec(schema);
    return { query: ({ text, values }) => database.query(text, values), close: () => database.close() };
  }
  const pool = new pg.Pool({ connectionString: url, max: connections });
  await pool.query(schema);
  return { query: (statement) => pool.query(statement), connect: () => pool.connect(), close: () => pool.end() };
}

/** The values of an order to be stored. */
export function toOrder(orderId, { customerEmail, lines }) {
  const id = orderId ?? randomUUID();
  const placedAt = new Date();
  const total = lines.reduce((sum, { quantity, unitPrice }) => sum + quantity * unitPrice, 0);
  const event = JSON.stringify({ orderId: id, customerEmail, lines, placedAt });
  return { id, total, lines: JSON.stringify(lines), placedAt, event };
}

export async function getOrder(tables, id) {
  const select = {
    name: "get",
    text: "SELECT status, total, lines, placed_at FROM orders WHERE id = $1",
    values: [id],
  };
  const [row] = (await tables.query(select)).rows;
  if (row === undefined) return undefined;
  return { orderId: id, status: row.status, total: Number(row.total), lines: row.lines, placedAt: row.placed_at };
}

/** How much is stored. */
export async function readStored(tables) {
  const text = "SELECT (SELECT count(*) FROM events) AS events, (SELECT count(*) FROM orders) AS rows";
  return toNumbers((await tables.query({ text })).rows[0]);
}

export function toNumbers(row) {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, Number(value)]));
}
