import type { CheckpointMove } from "../../store/ports/index.js";
import { type Schema, SqlArray, type SqlDriver } from "../driver/index.js";

/** Moves checkpoints of several shards in one statement. Returns for each whether it is at its new position. */
export async function advanceCheckpoints(
  driver: SqlDriver,
  schema: Schema,
  moves: readonly CheckpointMove[],
): Promise<readonly boolean[]> {
  const { sql } = schema;
  // Rows that another transaction has locked are left for the next time, so that no two statements wait for each other.
  const text = `WITH m AS (SELECT * FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[],
      $7::bigint[]) WITH ORDINALITY AS m (name, version, generation, shard, epoch, before, after, n)),
    free AS MATERIALIZED (SELECT s.ctid AS place, m.after, m.n FROM m JOIN ${sql}.projection_shards s
      ON s.name = m.name AND s.version = m.version AND s.generation = m.generation AND s.shard = m.shard
      WHERE s.epoch = m.epoch AND s.pos IN (m.before, m.after) FOR UPDATE OF s SKIP LOCKED)
    UPDATE ${sql}.projection_shards s SET pos = f.after FROM free f WHERE s.ctid = f.place RETURNING f.n`;
  const numbers = (of: (move: CheckpointMove) => number) => new SqlArray("int8", moves.map(of));
  const rows = await driver.query({ name: "potter_advance_checkpoints", text, repeatable: true }, [
    new SqlArray(
      "text",
      moves.map(({ name }) => name),
    ),
    numbers(({ version }) => version),
    numbers(({ generation }) => generation),
    numbers(({ shard }) => shard),
    numbers(({ epoch }) => epoch),
    numbers(({ from }) => from),
    numbers(({ to }) => to),
  ]);
  const moved = new Set(rows.map((row) => Number(row["n"])));
  return moves.map((_, i) => moved.has(i + 1));
}
