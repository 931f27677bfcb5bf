import type { Pool, QueryResultRow } from "pg";
import { PotterError } from "../../../errors/index.js";
import { toSchema } from "../../../sql/index.js";
import type { BranchMarks, CoordinatorLog, LogEntry, TransactionState } from "../../../two-phase-commit/index.js";

/** The options of {@link postgresCoordinatorLog}. */
export interface PostgresLogOptions {
  /** Connections to the database of the log. It may be that of a participant. */
  readonly pool: Pool;
  /** The schema of its tables, created if it does not exist. Default `potter_transactions`. */
  readonly schema?: string;
}

interface EntryRow extends QueryResultRow {
  readonly id: string;
  readonly state: TransactionState;
  readonly participants: readonly string[];
  readonly age: string;
  readonly marks: BranchMarks | null;
}

/** The codes of PostgreSQL for a database in which it cannot keep the log, and why. */
const obstacles: Readonly<Record<string, string>> = {
  "42501": "the user of the pool may not create it",
  "25006": "it is read only, as a replica is",
};

/** Keeps the log of a coordinator in two tables of a PostgreSQL database. The decision is on disk also with `synchronous_commit = off`. */
export function postgresCoordinatorLog({ pool, schema = "potter_transactions" }: PostgresLogOptions): CoordinatorLog {
  const { sql, changes, lock } = toSchema(schema);
  const table = `${sql}.two_phase_commits`;
  const fields = "id, state, participants, marks, extract(epoch FROM clock_timestamp() - began) * 1000 AS age";
  const toEntry = ({ id, state, participants, age, marks }: EntryRow): LogEntry => ({
    id,
    state,
    participants,
    age: Math.max(0, Number(age)),
    ...(marks !== null && { marks }),
  });
  const later = (parameter: string): string => `clock_timestamp() + ${parameter} * interval '1 millisecond'`;
  // One message, which is one transaction.
  const create = `SELECT pg_advisory_xact_lock(${changes}, ${lock});
    CREATE SCHEMA IF NOT EXISTS ${sql};
    CREATE TABLE IF NOT EXISTS ${table} (
      id text PRIMARY KEY,
      state text NOT NULL CHECK (state IN ('preparing', 'committing', 'aborting')),
      participants text[] NOT NULL,
      began timestamptz NOT NULL,
      due timestamptz NOT NULL,
      marks jsonb
    );
    DO $$BEGIN
      IF NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = '${table}'::regclass AND attname = 'marks') THEN
        ALTER TABLE ${table} ADD COLUMN marks jsonb;
      END IF;
    END$$;
    CREATE INDEX IF NOT EXISTS two_phase_commits_due ON ${table} (due);
    CREATE TABLE IF NOT EXISTS ${sql}.two_phase_commit_log (one boolean PRIMARY KEY CHECK (one), id text NOT NULL);
    INSERT INTO ${sql}.two_phase_commit_log
      VALUES (true, substr(replace(gen_random_uuid()::text, '-', ''), 1, 16)) ON CONFLICT DO NOTHING;`;
  return {
    async start() {
      await pool.query(create).catch((error: unknown) => {
        const { code, message } = error as { readonly code?: string; readonly message?: string };
        const obstacle = obstacles[code ?? ""];
        if (obstacle === undefined) throw error;
        const what = `the log of the coordinator cannot be kept in the schema ${schema} of this database: ${obstacle}`;
        throw new PotterError("failed_precondition", `${what} (${message})`, { cause: error });
      });
      const { rows } = await pool.query<{ id: string }>(`SELECT id FROM ${sql}.two_phase_commit_log`);
      return rows[0]?.id ?? "";
    },
    async begin(id, participants, timeout, marks) {
      await pool.query(
        `INSERT INTO ${table} (id, state, participants, began, due, marks)
        VALUES ($1, 'preparing', $2, clock_timestamp(), ${later("$3::float8")}, $4)`,
        [
          id,
          participants,
          timeout,
          marks === undefined || Object.keys(marks).length === 0 ? null : JSON.stringify(marks),
        ],
      );
    },
    async decide(id, lease) {
      // Evaluated before the commit of this statement, which waits for the disk accordingly.
      const durable = `SELECT CASE WHEN current_setting('synchronous_commit') IN ('off', 'local')
        THEN set_config('synchronous_commit', 'on', true) END`;
      // An earlier attempt, whose answer was lost, may be waiting for its commit: this one then waits for it.
      const decided = await pool.query(
        `WITH durable AS MATERIALIZED (${durable})
        UPDATE ${table} SET state = 'committing', due = ${later("$2::float8")}
        FROM durable WHERE id = $1 AND state IN ('preparing', 'committing')`,
        [id, lease],
      );
      if (decided.rowCount === 1) return "committing";
      const { rows } = await pool.query<EntryRow>(`SELECT state FROM ${table} WHERE id = $1`, [id]);
      return rows[0]?.state;
    },
    async takeDue(limit, lease) {
      const { rows } = await pool.query<EntryRow>(
        `UPDATE ${table} SET due = ${later("$2::float8")},
          state = CASE state WHEN 'preparing' THEN 'aborting' ELSE state END
        WHERE id IN (
          SELECT id FROM ${table} WHERE due <= clock_timestamp() ORDER BY due LIMIT $1 FOR UPDATE SKIP LOCKED
        ) RETURNING ${fields}`,
        [limit, lease],
      );
      return rows.map(toEntry);
    },
    async find(ids) {
      const filter = ids === undefined ? "" : "WHERE id = ANY ($1)";
      const { rows } = await pool.query<EntryRow>(
        `SELECT ${fields} FROM ${table} ${filter} ORDER BY began`,
        ids === undefined ? [] : [ids],
      );
      return rows.map(toEntry);
    },
    async end(id) {
      await pool.query(`DELETE FROM ${table} WHERE id = $1`, [id]);
    },
  };
}
