// The least that hand-written code does: a row for each workflow, a commit for its start, for each step, and for its end.
import pg from "pg";
import { createStep } from "../step.mjs";

const start = { name: "start", text: "INSERT INTO workflow (id, steps) VALUES ($1, $2)" };
const advance = { name: "advance", text: "UPDATE workflow SET done = $2 WHERE id = $1 AND done = $2 - 1" };
const finish = { name: "finish", text: "UPDATE workflow SET is_finished = true WHERE id = $1 AND NOT is_finished" };

export async function open({ url, connections, isHeld }) {
  const pool = new pg.Pool({ connectionString: url, max: connections });
  await pool.query(`CREATE TABLE IF NOT EXISTS workflow (
    id uuid PRIMARY KEY, steps int NOT NULL, done int NOT NULL DEFAULT 0, is_finished boolean NOT NULL DEFAULT false)`);
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
    close: () => pool.end(),
  };
}
