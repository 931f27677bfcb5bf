import type { Schema } from "./schema.js";

/** Statements for appends without commands and claims. What they say nothing of was not appended: then a function says why. */
export interface AppendStatements {
  /** One event to a new stream. Gives the position. */
  readonly begin: string;
  /** One event to a stream of the version `$12`. Gives the position. */
  readonly next: string;
  /** Any appends to streams that differ. Gives the appends that were done, by their numbers, and the position of the last event of each. */
  readonly many: string;
}

/**
 * What `append_one` and `append_group` do for appends without a command that meet no other, as one statement: that saves the cost
 * of running a function. Each part draws from the one before, which keeps their order: the lock, the streams' rows, the positions. A
 * loser draws none.
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
    many: many({ sql, sharing }),
  };
}

/** Rows of streams are begun in one order, so that two calls do not wait for one another; those that another transaction holds are passed over. */
function many({ sql, sharing }: { readonly sql: string; readonly sharing: string }): string {
  return `WITH ${sharing}, a AS MATERIALIZED (
      SELECT u.* FROM sharing, unnest($1::text[], $2::text[], $3::text[], $4::smallint[], $5::bigint[], $6::integer[], $7::text[],
        $8::text[], $9::text[])
        WITH ORDINALITY AS u (tenant, type, id, bucket, expected, count, correlation, causation, metadata, n)
    ), begun AS (
      INSERT INTO ${sql}.streams (tenant, type, id, version)
      SELECT tenant, type, id, count FROM a WHERE expected = 0 ORDER BY id, type, tenant
      ON CONFLICT DO NOTHING RETURNING tenant, type, id
    ), held AS MATERIALIZED (
      SELECT a.n, a.tenant, a.type, a.id, a.expected, a.count FROM a
      JOIN ${sql}.streams s ON s.tenant = a.tenant AND s.type = a.type AND s.id = a.id
      WHERE a.expected > 0 AND s.version = a.expected AND NOT s.closed
      FOR UPDATE OF s SKIP LOCKED
    ), moved AS (
      UPDATE ${sql}.streams s SET version = h.expected + h.count FROM held h
      WHERE s.tenant = h.tenant AND s.type = h.type AND s.id = h.id AND s.version = h.expected RETURNING h.n
    ), done AS (
      SELECT a.* FROM a JOIN begun b ON b.tenant = a.tenant AND b.type = a.type AND b.id = a.id WHERE a.expected = 0
      UNION ALL SELECT a.* FROM a JOIN moved m ON m.n = a.n
    ), numbered AS MATERIALIZED (
      SELECT nextval('${sql}.positions') AS pos, e.* FROM (
        SELECT d.tenant, d.type, d.id, d.bucket, d.expected, d.correlation, d.causation, d.metadata, d.n, u.step, u.event,
          u.event_type, u.schema_version, u.data
        FROM unnest($10::integer[], $11::integer[], $12::uuid[], $13::text[], $14::integer[], $15::bytea[])
          WITH ORDINALITY AS u (owner, step, event, event_type, schema_version, data, nth)
        JOIN done d ON d.n = u.owner ORDER BY u.nth
      ) e
    ), inserted AS (
      INSERT INTO ${sql}.events (pos, tenant, stream_type, stream_id, version, type, schema_version, bucket, id, at, correlation,
        causation, data, metadata)
      SELECT pos, tenant, type, id, expected + step, event_type, schema_version, bucket, event, clock_timestamp(), correlation,
        causation, data, metadata::jsonb
      FROM numbered
    )
    SELECT array_agg(n) AS done, array_agg(last) AS positions FROM (SELECT n, max(pos) AS last FROM numbered GROUP BY n) x`;
}
