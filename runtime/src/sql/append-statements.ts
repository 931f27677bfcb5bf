import type { Schema } from "./schema.js";

/** Two statements that append one event without a command. Each gives the position, or nothing: then `append_one` says why. */
export interface AppendStatements {
  /** To a new stream. */
  readonly begin: string;
  /** To a stream of the version `$12`. */
  readonly next: string;
}

/**
 * What `append_one` does for an append without a command that meets no other, as one statement: that saves the cost of
 * running a function, a twelfth of the whole. Each part draws from the one before, which keeps their order: the lock, the
 * stream's row, the position. A loser draws none.
 */
export function appendStatements({ sql, appenders, lock }: Schema): AppendStatements {
  const sharing = `sharing AS MATERIALIZED (SELECT pg_advisory_xact_lock_shared(${appenders}, ${lock}))`;
  const insert = `INSERT INTO ${sql}.events (pos, tenant, stream_type, stream_id, version, bucket, id, type, schema_version,
      data, correlation, causation, metadata, at)
    SELECT nextval('${sql}.positions'), $1, $2, $3, version, $4, $5, $6, $7, $8, $9, $10, $11::jsonb, clock_timestamp()
    FROM stream RETURNING pos`;
  return {
    begin: `WITH ${sharing}, stream AS (
      INSERT INTO ${sql}.streams (tenant, type, id, version) SELECT $1, $2, $3, 1 FROM sharing
      ON CONFLICT DO NOTHING RETURNING version
    ) ${insert}`,
    next: `WITH ${sharing}, stream AS (
      UPDATE ${sql}.streams s SET version = $12 + 1 FROM sharing
      WHERE s.tenant = $1 AND s.type = $2 AND s.id = $3 AND s.version = $12 AND NOT s.closed RETURNING s.version
    ) ${insert}`,
  };
}
