import type { Schema } from "../driver/index.js";

/**
 * Statements that append single events without commands and unique values. If they return no row, the functions find
 * the reason.
 */
export interface AppendStatements {
  /** Appends one event to a new stream. Returns the position. */
  readonly begin: string;
  /** Appends one event to a stream of version `$12`. Returns the position. */
  readonly next: string;
  /**
   * Appends one event to each of several new streams, all or nothing. Returns the positions, or null. Fails if a
   * concurrent transaction creates one of them.
   */
  readonly beginAll: string;
  /**
   * Like `beginAll`, and creates the keys of subjects in `$14` to `$17`. Null also if one of these has a key or is
   * erased. Fails if a concurrent transaction creates one of the keys.
   */
  readonly beginAllWithKeys: string;
  /**
   * Appends one event to each of several streams, all or nothing. Returns the positions, or null. Fails if a concurrent
   * transaction changes one of them.
   */
  readonly nextAll: string;
}

/**
 * `append_one` and `append_group` as single statements, for appends without a command and without a conflict: that
 * saves the overhead of a function. Each part selects from the one before, which keeps their order: lock, rows of
 * streams, positions. A refused append draws no position.
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
    ...together(sql, sharing),
  };
}

/** All or nothing needs no outcome per append, which a function is slow at. */
function together(sql: string, sharing: string): Pick<AppendStatements, "beginAll" | "beginAllWithKeys" | "nextAll"> {
  const streams = "unnest($1::text[], $2::text[], $3::text[]";
  const events = `unnest($1::text[], $2::text[], $3::text[], $4::smallint[], $5::uuid[], $6::text[], $7::integer[], $8::bytea[],
      $9::text[], $10::text[], $11::text[], $13::bigint[])
      WITH ORDINALITY AS u (tenant, stream_type, stream_id, bucket, id, type, schema_version, data, correlation, causation, metadata, expected, n)`;
  // Positions are drawn in the order of the appends, so sorted positions have that order too.
  const insert = `inserted AS (
      INSERT INTO ${sql}.events (pos, tenant, stream_type, stream_id, version, bucket, id, type, schema_version, data, correlation,
        causation, metadata, at)
      SELECT nextval('${sql}.positions'), tenant, stream_type, stream_id, expected + 1, bucket, id, type, schema_version, data,
        correlation, causation, metadata::jsonb, clock_timestamp()
      FROM (SELECT u.* FROM whole, ${events} ORDER BY n) u RETURNING pos
    ) SELECT array_agg(pos ORDER BY pos) AS positions FROM inserted`;
  /** One row if all were written; no row if nothing was; otherwise the cast fails, which rolls back. */
  const all = (count: string, what: string, from: string, begun: string) => `(
      SELECT CASE count(*) WHEN ${count} THEN 0
        ELSE ('another transaction has changed ${what}: ' || count(*))::integer END AS none
      FROM ${from} HAVING EXISTS (SELECT FROM ${begun})
    )`;
  const whole = (from: string, begun: string) =>
    `whole AS MATERIALIZED ${all("$12::integer", "a stream", from, begun)}`;
  // Written so that no plan uses a join: a plan prepared for an empty table would keep scanning all of it.
  const ofStream = "s.id = u.id AND s.type = u.type AND s.tenant = u.tenant";
  const begin = (before: string, ready: string) => `WITH ${sharing}, free AS MATERIALIZED (
      SELECT FROM sharing WHERE NOT EXISTS (
        SELECT FROM ${streams}) AS u (tenant, type, id) WHERE (SELECT true FROM ${sql}.streams s WHERE ${ofStream})
      )
    ), ${before}begun AS (
      INSERT INTO ${sql}.streams (tenant, type, id, version)
      SELECT tenant, type, id, 1 FROM ${ready}, ${streams}) AS u (tenant, type, id) ORDER BY id, type, tenant
      ON CONFLICT DO NOTHING RETURNING 1
    ), ${whole("begun", ready)}, ${insert}`;
  const keys = `without_keys AS MATERIALIZED (
      SELECT FROM free WHERE NOT EXISTS (
        SELECT FROM unnest($14::text[], $15::text[]) AS u (tenant, subject)
        WHERE (SELECT true FROM ${sql}.subject_keys k WHERE k.tenant = u.tenant AND k.subject = u.subject)
      )
    ), made AS (
      INSERT INTO ${sql}.subject_keys (tenant, subject, key, wrapped_by)
      SELECT tenant, subject, key, wrapped_by
      FROM without_keys, unnest($14::text[], $15::text[], $16::bytea[], $17::text[]) AS u (tenant, subject, key, wrapped_by)
      ORDER BY tenant, subject ON CONFLICT DO NOTHING RETURNING 1
    ), keyed AS MATERIALIZED ${all("cardinality($14::text[])", "a key", "made", "without_keys")}, `;
  return {
    beginAll: begin("", "free"),
    beginAllWithKeys: begin(keys, "keyed"),
    nextAll: `WITH ${sharing}, held AS MATERIALIZED (
      SELECT s.place, u.expected FROM sharing, ${streams}, $13::bigint[]) AS u (tenant, type, id, expected)
      JOIN LATERAL (
        SELECT s.ctid AS place FROM ${sql}.streams s WHERE ${ofStream} AND s.version = u.expected AND NOT s.closed
        FOR UPDATE SKIP LOCKED
      ) s ON true
    ), all_held AS MATERIALIZED (SELECT FROM held HAVING count(*) = $12::integer
    ), moved AS (
      UPDATE ${sql}.streams s SET version = h.expected + 1 FROM held h, all_held WHERE s.ctid = h.place RETURNING 1
    ), ${whole("moved", "all_held")}, ${insert}`,
  };
}
