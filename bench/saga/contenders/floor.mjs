// The least that hand-written code does: a row for each workflow, a commit for its start, for each step, and for its end.
import pg from "pg";
import { createStep } from "../step.mjs";

const start = { name: "start", text: "INSERT INTO workflow (id, steps) VALUES ($1, $2)" };
const advance = { name: "advance", text: "UPDATE workflow SET done = $2 WHERE id = $1 AND done = $2 - 1" };
const finish = { name: "finish", text: "UPDATE workflow SET is_finished = true WHERE id = $1 AND NOT is_finished" };

const due = {
  name: "due",
  text: `DELETE FROM timer WHERE id IN (SELECT id FROM timer WHERE at <= now() ORDER BY at LIMIT 200 FOR UPDATE SKIP LOCKED)
    RETURNING id`,
};
/** As Potter's default. */
const pollInterval = 1_000;

export async function open({ url, connections, isHeld }) {
  const pool = new pg.Pool({ connectionString: url, max: connections });
  await pool.query(`CREATE TABLE IF NOT EXISTS workflow (
    id uuid PRIMARY KEY, steps int NOT NULL, done int NOT NULL DEFAULT 0, is_finished boolean NOT NULL DEFAULT false)`);
  await pool.query("CREATE TABLE IF NOT EXISTS timer (id uuid PRIMARY KEY, at timestamptz NOT NULL)");
  await pool.query("CREATE INDEX IF NOT EXISTS timer_at ON timer (at)");
  const timers = createTimers(pool);
  const step = createStep(isHeld);
  const write = async (statement, values) => {
    const { rowCount } = await pool.query({ ...statement, values });
    if (rowCount !== 1) throw new Error(`${statement.name} has changed ${rowCount} rows`);
  };
  const goOn = async (id, done, steps) => {
    for (let n = done; n < steps; n++) {
      await step.run(n);
      await write(advance, [id, n + 1]);
    }
    await write(finish, [id]);
  };
  const begin = async (id, steps) => {
    await write(start, [id, steps]);
    return goOn(id, 0, steps);
  };
  return {
    run: begin,
    start: begin,
    held: () => step.held,
    async recover() {
      const { rows } = await pool.query("SELECT id, done, steps FROM workflow WHERE NOT is_finished");
      await Promise.all(rows.map(({ id, done, steps }) => goOn(id, done, steps)));
    },
    async finished() {
      const { rows } = await pool.query("SELECT count(*)::int AS count FROM workflow WHERE is_finished");
      return rows[0].count;
    },
    async multiply(count) {
      await pool.query(
        `INSERT INTO workflow SELECT gen_random_uuid(), 3, 3, true
         FROM generate_series((SELECT count(*) + 1 FROM workflow), $1)`,
        [count],
      );
      await pool.query("VACUUM ANALYZE workflow");
    },
    wait: timers.wait,
    async pend(count) {
      await pool.query(
        `INSERT INTO timer SELECT gen_random_uuid(), now() + interval '30 days' + n * interval '1 second'
         FROM generate_series(1, $1) n`,
        [count],
      );
      await pool.query("VACUUM ANALYZE timer");
    },
    async close() {
      timers.stop();
      await pool.end();
    },
  };
}

/** A poll for what is due, at the time of the next timer that this process knows of and each `pollInterval`. */
function createTimers(pool) {
  const waiting = new Map();
  let poll;
  const fire = async () => {
    const { rows } = await pool.query(due);
    for (const { id } of rows) waiting.get(id)?.();
    if (rows.length === 200) await fire();
  };
  return {
    async wait(id, at) {
      poll ??= setInterval(fire, pollInterval);
      await pool.query("INSERT INTO timer VALUES ($1, $2)", [id, at]);
      const ended = new Promise((resolve) => waiting.set(id, resolve));
      setTimeout(fire, at - Date.now());
      await ended;
      waiting.delete(id);
    },
    stop: () => clearInterval(poll),
  };
}
