import { PotterError } from "../../errors/index.js";
import type { MigrationStatus } from "../../store/ports/index.js";
import {
  checkServer,
  isLockTimeout,
  retryTransient,
  type Schema,
  type SqlDriver,
  type SqlSession,
  sleep,
} from "../driver/index.js";
import type { Migration } from "./migrations.js";

/**
 * How long a migration waits for a table before it lets queued statements pass, in milliseconds. A statement that waits
 * for a table blocks all later ones, so writers are blocked for that long.
 */
const lockPatience = 500;
/** How long a migration is retried while other transactions lock its tables, in milliseconds. */
const patience = 120_000;

/**
 * Migrates the schema to the version of this release. If several processes start at once, one migrates and the others
 * wait. A schema that is up to date is only read, so a user without the right to create tables can start.
 */
export async function migrate(driver: SqlDriver, schema: Schema, steps: readonly Migration[]): Promise<void> {
  await checkServer(driver);
  for (;;) {
    const status = await readMigrationStatus(driver, schema, steps);
    checkKnown(status);
    const [next] = status.pending;
    if (next === undefined) return;
    await takePatiently(driver, schema, steps, next);
  }
}

/** Throws unless this release can work with the tables as they are. */
export async function checkMigrated(driver: SqlDriver, schema: Schema, steps: readonly Migration[]): Promise<void> {
  await checkServer(driver);
  const status = await readMigrationStatus(driver, schema, steps);
  checkKnown(status);
  if (status.pending.length === 0) return;
  throw new PotterError(
    "failed_precondition",
    `the ${status.place} is at version ${status.current}, and this release of @potter/runtime needs ${status.known}: run \`potter db migrate\`, or start the store without \`migrate: false\``,
  );
}

/** Compares the version of the schema with this release. Changes nothing. */
export async function readMigrationStatus(
  driver: SqlDriver,
  schema: Schema,
  steps: readonly Migration[],
): Promise<MigrationStatus> {
  const { current, oldest } = await readVersion(driver, schema);
  const known = steps.length;
  const pending = Array.from({ length: Math.max(0, known - current) }, (_, i) => current + i + 1);
  return { place: `schema ${schema.name} of ${driver.name}`, current, known, pending, oldest };
}

async function takePatiently(
  driver: SqlDriver,
  schema: Schema,
  steps: readonly Migration[],
  version: number,
): Promise<void> {
  const end = performance.now() + patience;
  for (;;) {
    try {
      await retryTransient(() => driver.transaction((session) => take(session, schema, steps, version)));
      return;
    } catch (error) {
      if (!isLockTimeout(error)) throw error;
      if (performance.now() > end) {
        throw new PotterError(
          "aborted",
          `the schema ${schema.name} could not be brought to version ${version} within ${patience / 1000} s: other transactions hold its tables`,
          { cause: error },
        );
      }
    }
    await sleep(lockPatience * (0.5 + Math.random()));
  }
}

async function take(session: SqlSession, schema: Schema, steps: readonly Migration[], version: number): Promise<void> {
  const { sql } = schema;
  // Waits for another process that migrates, without a limit.
  await session.script(`SET LOCAL lock_timeout = 0; SET LOCAL statement_timeout = 0;
    SELECT pg_advisory_xact_lock(${schema.changes}, ${schema.lock})`);
  // Read again: another process may have migrated while this one waited for the lock.
  const { current } = await readVersion(session, schema);
  const step = steps[version - 1];
  if (step === undefined || current !== version - 1) return;
  await session.script(`SET LOCAL lock_timeout = ${lockPatience}`);
  if (current === 0) {
    await session.script(`
      CREATE SCHEMA IF NOT EXISTS ${sql};
      CREATE TABLE ${sql}.migrations (
        version integer PRIMARY KEY,
        oldest integer,
        at timestamptz NOT NULL DEFAULT clock_timestamp()
      )`);
  }
  await session.script(step.script(schema));
  const oldest = step.oldest ?? version - 1;
  await session.script(`INSERT INTO ${sql}.migrations (version, oldest) VALUES (${version}, ${oldest})`);
}

/** 0: the schema does not exist. */
async function readVersion(
  session: SqlSession,
  { name, sql }: Schema,
): Promise<{ readonly current: number; readonly oldest: number }> {
  // Not to_regclass(): it may use a cache that is older than the migration of another process.
  const text =
    "SELECT EXISTS (SELECT FROM pg_catalog.pg_tables WHERE schemaname = $1 AND tablename = 'migrations') AS there";
  const [table] = await session.query({ text }, [name]);
  if (table?.["there"] !== true) return { current: 0, oldest: 0 };
  const columns = "max(version) AS current, max(coalesce(oldest, version)) AS oldest";
  const [row] = await session.query({ text: `SELECT ${columns} FROM ${sql}.migrations` }, []);
  return { current: Number(row?.["current"]), oldest: Number(row?.["oldest"]) };
}

/** A later release may have migrated, as long as this release still works with the result. */
function checkKnown({ place, current, known, oldest }: MigrationStatus): void {
  if (known >= oldest) return;
  throw new PotterError(
    "failed_precondition",
    `the ${place} is at version ${current}, and this release of @potter/runtime knows up to ${known}: update it`,
  );
}
