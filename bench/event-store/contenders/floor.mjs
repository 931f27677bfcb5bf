import pg from "pg";
import { deposit } from "../deposits.mjs";
import { createViews } from "../views/floor.mjs";

// What one writes oneself: a table, a prepared INSERT, a unique key that refuses the loser. No command ids, no table of
// streams, no way to read all events without losing some.
export const contenders = [
  { name: "INSERT (floor)", open: openWithViews },
  { name: "INSERT, bytea", open: (options) => openFloor(options, bytea) },
  { name: "INSERT, grouped", open: openGrouped },
];

const json = { column: "jsonb", encode: JSON.stringify, decode: (data) => data };
const bytea = { column: "bytea", encode: (event) => Buffer.from(JSON.stringify(event)), decode: JSON.parse };

async function openWithViews(options) {
  const floor = await openFloor(options, json);
  const views = await createViews(floor.pool, type);
  return {
    ...floor,
    views,
    async empty() {
      await views.empty();
      await floor.empty();
    },
    grow: (events) =>
      floor.pool.query({
        text: `INSERT INTO events (stream, version, type, data)
          SELECT lpad(n::text, 36, '0'), 1, $1, $2::jsonb FROM generate_series(1, $3::int) n`,
        values: [type, deposit("an account that was there before, no".slice(0, 36), 0), events],
      }),
  };
}

async function openFloor({ url, connections }, format) {
  const store = await openStore(url, connections, format);
  const one = {
    name: "append",
    text: "INSERT INTO events (stream, version, type, data) VALUES ($1, $2, $3, $4)",
  };
  const many = insertMany(format);
  return {
    ...store,
    async append(stream, expected, count, from) {
      const { rowCount } = await (count === 1
        ? store.pool.query({ ...one, values: [stream, expected + 1, type, format.encode(deposit(stream, from))] })
        : store.pool.query({ ...many, values: columns(stream, expected, count, from, format) }));
      return expected + rowCount;
    },
  };
}

/** Sends what has gathered in one statement, by two connections. A conflict of one would fail all: there is none here. */
async function openGrouped({ url, connections }) {
  const store = await openStore(url, connections, json);
  const insert = insertMany(json);
  let waiting = [];
  let free = 2;
  async function flush() {
    while (waiting.length > 0) {
      const group = waiting;
      waiting = [];
      const values = group[0].columns.map((_, i) => group.flatMap(({ columns }) => columns[i]));
      try {
        await store.pool.query({ ...insert, values });
        for (const { resolve, version } of group) resolve(version);
      } catch (error) {
        for (const { reject } of group) reject(error);
      }
    }
  }
  return {
    ...store,
    append(stream, expected, count, from) {
      return new Promise((resolve, reject) => {
        const version = expected + count;
        waiting.push({ columns: columns(stream, expected, count, from, json), version, resolve, reject });
        if (free === 0) return;
        free--;
        // What is called in this turn of the event loop goes together.
        queueMicrotask(() => flush().finally(() => free++));
      });
    },
  };
}

async function openStore(url, connections, { column, decode }) {
  const pool = new pg.Pool({ connectionString: url, max: connections });
  await pool.query(`CREATE TABLE events (
    pos bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    stream text NOT NULL,
    version bigint NOT NULL,
    type text NOT NULL,
    data ${column} NOT NULL,
    at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (stream, version)
  )`);
  const select = { name: "load", text: "SELECT type, data FROM events WHERE stream = $1 ORDER BY version" };
  return {
    pool,
    async load(stream) {
      const { rows } = await pool.query({ ...select, values: [stream] });
      let total = 0;
      for (const row of rows) if (row.type === type) total += decode(row.data).amount;
      return { count: rows.length, total };
    },
    empty: () => pool.query("TRUNCATE events RESTART IDENTITY"),
    analyze: () => pool.query("VACUUM ANALYZE events"),
    count: async () => Number((await pool.query("SELECT count(*) FROM events")).rows[0].count),
    close: () => pool.end(),
  };
}

const type = "account.deposited";

function insertMany({ column }) {
  return {
    name: "append-many",
    text: `INSERT INTO events (stream, version, type, data)
      SELECT * FROM unnest($1::text[], $2::bigint[], $3::text[], $4::${column}[])`,
  };
}

function columns(stream, expected, count, from, { encode }) {
  const numbers = Array.from({ length: count }, (_, i) => i);
  return [
    numbers.map(() => stream),
    numbers.map((i) => expected + i + 1),
    numbers.map(() => type),
    numbers.map((i) => encode(deposit(stream, from + i))),
  ];
}
