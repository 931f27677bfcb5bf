import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";

// Hand-written code: the events, and a row for each till with its balance. Decided in Node, like any real rule.
export const contenders = [
  { name: "SELECT … FOR UPDATE (floor)", on: "postgres", open: (options) => openFloor(options, lockAndWrite) },
  { name: "UPDATE … WHERE version, 16 tries", on: "postgres", open: (options) => openFloor(options, tryAndRetry) },
  { name: "Map (floor)", on: "memory", open: openMap },
];

const most = 1_000_000_000;
class Conflict extends Error {}

async function openFloor({ url, connections }, payIn) {
  const pool = new pg.Pool({ connectionString: url, max: connections });
  await pool.query(`
    CREATE TABLE tills (id text PRIMARY KEY, version bigint NOT NULL, total bigint NOT NULL);
    CREATE TABLE events (
      pos bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      stream text NOT NULL,
      version bigint NOT NULL,
      type text NOT NULL,
      data jsonb NOT NULL,
      at timestamptz NOT NULL DEFAULT now(),
      UNIQUE (stream, version)
    )`);
  return {
    async openTill() {
      const id = randomUUID();
      await pool.query({ name: "open", text: "INSERT INTO tills VALUES ($1, 0, 0)", values: [id] });
      return id;
    },
    payIn: (id, amount) => payIn(pool, id, amount),
    async total(id) {
      const text = "SELECT sum((data->>'amount')::bigint) AS total FROM events WHERE stream = $1";
      return Number((await pool.query({ text, values: [id] })).rows[0].total);
    },
    isConflict: (error) => error instanceof Conflict,
    close: () => pool.end(),
  };
}

const write = `WITH till AS (
    UPDATE tills SET version = version + 1, total = $2 WHERE id = $1 AND version = $3 RETURNING version
  ) INSERT INTO events (stream, version, type, data) SELECT $1, version, 'till.paid_in', $4 FROM till`;

/** Each caller waits for the lock, so no call fails. */
async function lockAndWrite(pool, id, amount) {
  const client = await pool.connect();
  try {
    await client.query("BEGIN");
    const select = { name: "lock", text: "SELECT version, total FROM tills WHERE id = $1 FOR UPDATE", values: [id] };
    const total = await decideAndWrite(client, id, amount, (await client.query(select)).rows[0]);
    await client.query("COMMIT");
    return total;
  } catch (error) {
    await client.query("ROLLBACK");
    throw error;
  } finally {
    client.release();
  }
}

/** Two statements without a transaction; the slower caller retries, with the pauses that Potter uses between processes. */
async function tryAndRetry(pool, id, amount) {
  const select = { name: "read", text: "SELECT version, total FROM tills WHERE id = $1", values: [id] };
  for (let attempt = 1; ; attempt++) {
    const total = await decideAndWrite(pool, id, amount, (await pool.query(select)).rows[0]);
    if (total !== undefined) return total;
    if (attempt === 16) throw new Conflict();
    await sleep(Math.random() * Math.min(5 * 2 ** (attempt - 1), 80));
  }
}

async function decideAndWrite(on, id, amount, row) {
  const total = decide(Number(row.total), amount);
  const values = [id, total, row.version, JSON.stringify({ tillId: id, amount })];
  const { rowCount } = await on.query({ name: "write", text: write, values });
  return rowCount === 1 ? total : undefined;
}

/** One process, no waits: nobody can come between. */
function openMap() {
  const tills = new Map();
  return {
    openTill() {
      const id = randomUUID();
      tills.set(id, { total: 0, events: [] });
      return id;
    },
    async payIn(id, amount) {
      const till = tills.get(id);
      till.total = decide(till.total, amount);
      till.events.push({
        stream: id,
        version: till.events.length + 1,
        type: "till.paid_in",
        data: { tillId: id, amount },
      });
      return till.total;
    },
    async total(id) {
      const { events } = tills.get(id);
      tills.delete(id);
      return events.reduce((sum, { data }) => sum + data.amount, 0);
    },
    isConflict: () => false,
  };
}

function decide(total, amount) {
  if (total + amount > most) throw new Error("the till is full");
  return total + amount;
}
