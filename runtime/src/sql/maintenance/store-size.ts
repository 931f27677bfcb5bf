import type { StoreSize, TableSize } from "../../store/ports/index.js";
import type { Schema, SqlSession } from "../driver/index.js";

/** Reads the sizes of the tables of a schema. Counts all events, which scans a whole index. */
export async function readSize(session: SqlSession, schema: Schema): Promise<StoreSize> {
  const tables = await readTables(session, schema);
  const parts = tables
    .filter(({ name }) => name === "events" || name === "events_archive")
    .map(({ name }) => `SELECT count(*) AS n, max(pos) AS pos FROM ${schema.sql}.${name} WHERE pos > 0`);
  if (parts.length === 0) return { events: 0, position: 0, tables };
  const text = `SELECT sum(n) AS n, coalesce(max(pos), 0) AS pos FROM (${parts.join(" UNION ALL ")}) AS parts`;
  const [total] = await session.query({ text }, []);
  return { events: Number(total?.["n"]), position: Number(total?.["pos"]), tables };
}

async function readTables(session: SqlSession, { name }: Schema): Promise<readonly TableSize[]> {
  const text = `
    SELECT c.relname::text AS name, pg_total_relation_size(c.oid) AS bytes, c.reltuples AS rows
    FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    WHERE n.nspname = $1 AND c.relkind = 'r' ORDER BY 2 DESC, 1`;
  const rows = await session.query({ text }, [name]);
  return rows.map((row) => {
    const estimate = Number(row["rows"]);
    return { name: String(row["name"]), bytes: Number(row["bytes"]), rows: estimate < 0 ? undefined : estimate };
  });
}
