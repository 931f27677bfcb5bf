import { PotterError } from "../errors/index.js";
import type { SqlDriver, SqlSession } from "./driver.js";
import { migrations } from "./migrations.js";
import { retryTransient } from "./retry.js";
import type { Schema } from "./schema.js";

/**
 * Brings the schema up to what this release knows. Any number of processes may start at once: one migrates, the
 * others wait for it. A schema that is up to date is only looked at, so that a user without the right to create
 * tables can start.
 */
export async function migrate(driver: SqlDriver, schema: Schema): Promise<void> {
  await checkIsolation(driver);
  const known = migrations.length;
  const found = await readVersion(driver, schema);
  if (found === known) return;
  if (found > known) throw tooNew(schema, found);
  await retryTransient(() => driver.transaction((session) => applyMissing(session, schema)));
}

async function applyMissing(session: SqlSession, schema: Schema): Promise<void> {
  const { sql } = schema;
  await session.script(`SELECT pg_advisory_xact_lock(${schema.changes}, ${schema.lock})`);
  // Read again: while this process waited for the lock, another may have done all there was to do.
  const found = await readVersion(session, schema);
  if (found > migrations.length) throw tooNew(schema, found);
  if (found === 0) {
    await session.script(`
      CREATE SCHEMA IF NOT EXISTS ${sql};
      CREATE TABLE ${sql}.migrations (version integer PRIMARY KEY, at timestamptz NOT NULL DEFAULT clock_timestamp())`);
  }
  for (const [index, migration] of migrations.entries()) {
    if (index < found) continue;
    await session.script(migration(schema));
    await session.script(`INSERT INTO ${sql}.migrations (version) VALUES (${index + 1})`);
  }
}

/** 0: there is nothing yet. */
async function readVersion(session: SqlSession, { name, sql }: Schema): Promise<number> {
  // Not to_regclass(): it may answer from a cache of before another process migrated.
  const text =
    "SELECT EXISTS (SELECT FROM pg_catalog.pg_tables WHERE schemaname = $1 AND tablename = 'migrations') AS there";
  const [table] = await session.query({ text }, [name]);
  if (table?.["there"] !== true) return 0;
  const [row] = await session.query({ text: `SELECT max(version) AS version FROM ${sql}.migrations` }, []);
  return Number(row?.["version"]);
}

/** The append relies on each of its statements seeing what was committed before it. */
async function checkIsolation(driver: SqlDriver): Promise<void> {
  const [row] = await driver.query({ text: "SELECT current_setting('default_transaction_isolation') AS level" }, []);
  if (row?.["level"] === "read committed") return;
  throw new PotterError(
    "failed_precondition",
    `${driver.name} runs statements at isolation level ${row?.["level"]}: expected "read committed" as default_transaction_isolation of this user and database`,
  );
}

function tooNew(schema: Schema, found: number): PotterError {
  return new PotterError(
    "failed_precondition",
    `the schema ${schema.name} is at version ${found}, and this release of @potter/runtime knows up to ${migrations.length}: update it`,
  );
}
