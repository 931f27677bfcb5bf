import type { Pool, QueryResultRow } from "pg";
import { toSchema } from "../../../sql/index.js";
import type { CoordinatorLog, LogEntry, TransactionState } from "../../../two-phase-commit/index.js";

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
}

/** Keeps the log of a coordinator in two tables of a PostgreSQL database. The decision is on disk also with `synchronous_commit = off`. */
export function postgresCoordinatorLog({ pool, schema = "potter_transactions" }: PostgresLogOptions): CoordinatorLog {
  const { sql, changes, lock } = toSchema(schema);
  const table = `${sql}.two_phase_commits`;
  const fields = "id, state, participants, extract(epoch FROM clock_timestamp() - began) * 1000 AS age";
  const toEntry = ({ id, state, participants, age }: EntryRow): LogEntry => ({
    id,
    state,
    participants,
    age: Math.max(0, Number(age)),
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
      due timestamptz NOT NULL
    );
    CREATE INDEX IF NOT EXISTS two_phase_commits_due ON ${table} (due);
    CREATE TABLE IF NOT EXISTS ${sql}.two_phase_commit_log (one boolean PRIMARY KEY CHECK (one), id text NOT NULL);
    INSERT INTO ${sql}.two_phase_commit_log
      VALUES (true, substr(replace(gen_random_uuid()::text, '-', ''), 1, 16)) ON CONFLICT DO NOTHING;`;
  return {
    async start() {
      await pool.query(create);
      const { rows } = await pool.query<{ id: string }>(`SELECT id FROM ${sql}.two_phase_commit_log`);
      return rows[0]?.id ?? "";
    },
    async begin(id, participants, timeout) {
      await pool.query(`INSERT INTO ${table} VALUES ($1, 'preparing', $2, clock_timestamp(), ${later("$3::float8")})`, [
        id,
        participants,
        timeout,
      ]);
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
