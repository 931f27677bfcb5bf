import type { Schema } from "../driver/index.js";
import { groupPatience, latestVersion } from "../migrations/index.js";
import { atMilliseconds } from "../values/index.js";

/**
 * Statements that append without unique values. What they do not append, since there is a conflict, the functions try and
 * explain.
 */
export interface AppendStatements {
  /** Appends one event. Returns the position and the time. No row: nothing was appended. */
  readonly one: string;
  /** Like `one`, and records the command `$13` to `$15`. Fails if another transaction appends to the stream meanwhile. */
  readonly oneWithCommand: string;
  /**
   * Appends one event to each of several streams, or to some of them. Returns the positions and times in the order of the
   * appends, and, unless all were appended, the streams.
   */
  readonly singles: string;
  /**
   * Like `singles`, and records the commands in `$14` to `$16`, null for an append without one. What has one that is recorded already
   * is not appended. Fails if a concurrent transaction records one of them.
   */
  readonly singlesWithCommands: string;
  /**
   * Appends one event to each of several new streams and creates the keys of subjects in `$14` to `$17`, all or nothing. Returns
   * the positions, or null. Null also if one of these has a key or is erased. Fails if a concurrent transaction creates one of
   * the streams or keys.
   */
  readonly singlesWithKeys: string;
  /**
   * Appends several events to each of several streams, or to some of them. Returns the positions, and the numbers of what was
   * appended.
   */
  readonly many: string;
  /**
   * Like `many`, and records commands. What has one that is recorded already is not appended. Fails if a concurrent transaction
   * records one of them.
   */
  readonly manyWithCommands: string;
}

const untaken = "ON CONFLICT (stream_id, stream_type, tenant, version) DO NOTHING";

const columns =
  "pos, tenant, stream_type, stream_id, version, bucket, id, type, schema_version, data, correlation, causation, metadata, at";

/**
 * The same as the functions for appends without a conflict: lock, version of the stream, command, position; what is in doubt about a
 * command is left to them. That saves the overhead of a function. The version that a statement has found is committed, so the position of the
 * next event is a later one. A refused append draws no position.
 *
 * Written so that no plan uses a join with a table: a plan prepared for an empty table would keep scanning all of it.
 */
export function appendStatements(schema: Schema): AppendStatements {
  const { sql, appenders, lock } = schema;
  const sharing = `pg_advisory_xact_lock_shared(${appenders}, ${lock})`;
  // Evaluated once, before anything else. A slow transaction on one stream must not hold up appends to others.
  const ready = `(SELECT ${sharing} IS NOT NULL AND set_config('lock_timeout', '${groupPatience}', true) IS NOT NULL)`;
  const one = {
    insert: `INSERT INTO ${sql}.events (${columns})
      SELECT nextval('${sql}.positions'), $1, $2, $3, $12::bigint + 1, $4, $5, $6, $7, $8, $9, $10, $11::jsonb, clock_timestamp()`,
    fits: `${ready} AND ${latestVersion(schema, "$1", "$2", "$3")} = $12::bigint`,
  };
  const toEvents = (others: readonly string[], names: string) => `${unnest(
    [1, "text", "text", "text", "smallint", "uuid", "text", "integer", "bytea", "text", "text", "text"],
    [13, "bigint", ...others],
  )}
      WITH ORDINALITY AS u (tenant, stream_type, stream_id, bucket, id, type, schema_version, data, correlation, causation, metadata, expected${names}, n)`;
  const events = toEvents([], "");
  // Positions are drawn in the order of the appends, so sorted positions have that order too.
  const insertSingles = (from: string) => `INSERT INTO ${sql}.events (${columns})
      SELECT nextval('${sql}.positions'), tenant, stream_type, stream_id, expected + 1, bucket, id, type, schema_version, data,
        correlation, causation, metadata::jsonb, clock_timestamp()
      FROM (SELECT u.* FROM ${from} ORDER BY n) u`;
  const isLatest = `${latestVersion(schema, "u.tenant", "u.stream_type", "u.stream_id")} = u.expected`;
  const streams = `SELECT jsonb_agg(jsonb_build_array(tenant, stream_type, stream_id) ORDER BY pos) FROM inserted`;
  const returned = "RETURNING pos, tenant, stream_type, stream_id, at";
  const result = `SELECT array_agg(pos ORDER BY pos) AS positions, array_agg(${atMilliseconds}::bigint ORDER BY pos) AS times,
      CASE WHEN count(*) < $12::integer THEN (${streams}) END AS streams FROM inserted`;
  return {
    one: `${one.insert} WHERE ${one.fits} ${untaken} RETURNING pos, ${atMilliseconds} AS at`,
    oneWithCommand: `WITH recorded AS (
      INSERT INTO ${sql}.commands (tenant, id, request_hash, response, version)
      SELECT $1, $13, $14, $15, $12 + 1 WHERE ${one.fits} ON CONFLICT DO NOTHING RETURNING 1
    ) ${one.insert} FROM recorded RETURNING pos, ${atMilliseconds} AS at`,
    singles: `WITH inserted AS (
      ${insertSingles(`${events} WHERE ${ready} AND ${isLatest}`)} ${untaken} ${returned}
    ) ${result}`,
    // The events first: a command can only be recorded with the event of an append that has not lost a race for its stream.
    singlesWithCommands: `WITH fresh AS MATERIALIZED (
      SELECT u.* FROM ${toEvents(["text", "text", "bytea"], ", command, hash, response")}
      WHERE ${ready} AND ${isLatest}
        AND (SELECT true FROM ${sql}.commands c WHERE c.tenant = u.tenant AND c.id = u.command) IS NULL
    ), inserted AS (
      ${insertSingles("fresh u")} ${untaken} ${returned}
    ), recorded AS (
      INSERT INTO ${sql}.commands (tenant, id, request_hash, response, version)
      SELECT u.tenant, u.command, u.hash, u.response, u.expected + 1 FROM fresh u
      WHERE u.command IS NOT NULL AND (u.tenant, u.stream_type, u.stream_id) IN (SELECT tenant, stream_type, stream_id FROM inserted)
      ORDER BY u.command, u.tenant
    ) ${result}`,
    singlesWithKeys: singlesWithKeys(schema, ready, events, isLatest, insertSingles),
    many: many(schema, ready, false),
    manyWithCommands: many(schema, ready, true),
  };
}

/**
 * Rows from array parameters: of each list, the number of the first and the types. Within subqueries, since the planner would look
 * at the arrays otherwise, find a plan for their very length cheaper, and plan the statement for each call, which takes longer than
 * to run it.
 */
function unnest(...lists: readonly (readonly [first: number, ...types: readonly string[]])[]): string {
  const parameters = lists.flatMap(([first, ...types]) => types.map((type, i) => `(SELECT $${first + i}::${type}[])`));
  return `unnest(${parameters.join(", ")})`;
}

function singlesWithKeys(
  { sql }: Schema,
  ready: string,
  events: string,
  isLatest: string,
  insert: (from: string) => string,
): string {
  const exists = `(SELECT true FROM ${sql}.subject_keys k WHERE k.tenant = s.tenant AND k.subject = s.subject)`;
  return `WITH free AS MATERIALIZED (
      SELECT WHERE ${ready} AND NOT EXISTS (SELECT FROM ${events} WHERE NOT ${isLatest})
        AND NOT EXISTS (SELECT FROM ${unnest([14, "text", "text"])} AS s (tenant, subject) WHERE ${exists})
    ), made AS (
      INSERT INTO ${sql}.subject_keys (tenant, subject, key, wrapped_by)
      SELECT tenant, subject, key, wrapped_by
      FROM free, ${unnest([14, "text", "text", "bytea", "text"])} AS u (tenant, subject, key, wrapped_by)
      ORDER BY tenant, subject ON CONFLICT DO NOTHING RETURNING 1
    ), keyed AS MATERIALIZED (
      -- One row if all were written; no row if nothing was; otherwise the cast fails, which rolls back.
      SELECT CASE count(*) WHEN cardinality($14::text[]) THEN 0
        ELSE ('another transaction has changed a key: ' || count(*))::integer END AS none
      FROM made HAVING EXISTS (SELECT FROM free)
    ), inserted AS (${insert(`keyed, ${events} WHERE $12::integer > 0`)} RETURNING pos)
    SELECT array_agg(pos ORDER BY pos) AS positions FROM inserted`;
}

/** Parameters: the columns of `append_group` without unique values, in its order. */
function many(schema: Schema, ready: string, withCommands: boolean): string {
  const { sql } = schema;
  const streams = unnest(
    [1, "text", "text", "text"],
    [5, "bigint", "integer"],
    ...(withCommands ? [[10, "text", "text", "bytea"] as const] : []),
  );
  const names = withCommands ? ", command, hash, response" : "";
  const at = withCommands ? 13 : 10;
  const unrecorded = withCommands
    ? `AND (SELECT true FROM ${sql}.commands c WHERE c.tenant = u.tenant AND c.id = u.command) IS NULL`
    : "";
  const owned = (parameter: number, type: string) => `($${parameter}::${type}[])[owner]`;
  const insert = `INSERT INTO ${sql}.events (${columns})
      SELECT pos, ${owned(1, "text")}, ${owned(2, "text")}, ${owned(3, "text")}, ${owned(5, "bigint")} + step, ${owned(4, "smallint")},
        id, type, schema_version, data, ${owned(7, "text")}, ${owned(8, "text")}, ${owned(9, "text")}::jsonb, clock_timestamp()
      FROM numbered`;
  // After the events, as in `singlesWithCommands`.
  const recorded = `, recorded AS (
      INSERT INTO ${sql}.commands (tenant, id, request_hash, response, version)
      SELECT tenant, command, hash, response, expected + count FROM fresh
      WHERE command IS NOT NULL AND n IN (SELECT owner FROM won) ORDER BY command, tenant
    )`;
  return `WITH fresh AS MATERIALIZED (
      SELECT u.* FROM ${streams}
        WITH ORDINALITY AS u (tenant, stream_type, stream_id, expected, count${names}, n)
      WHERE ${ready} AND u.count > 0 ${unrecorded}
        AND ${latestVersion(schema, "u.tenant", "u.stream_type", "u.stream_id")} = u.expected
    ), numbered AS MATERIALIZED (
      SELECT nextval('${sql}.positions') AS pos, e.* FROM (
        SELECT u.* FROM ${unnest([at, "integer", "integer", "uuid", "text", "integer", "bytea"])}
          WITH ORDINALITY AS u (owner, step, id, type, schema_version, data, n)
        WHERE owner IN (SELECT n FROM fresh) ORDER BY n
      ) e
    ), firsts AS (
      -- Of two transactions that append to a stream, one writes the first event. The others follow only its own.
      ${insert} WHERE step = 1 ${untaken} RETURNING pos
    ), won AS MATERIALIZED (
      SELECT owner FROM numbered WHERE pos IN (SELECT pos FROM firsts)
    ), rest AS (
      ${insert} WHERE step > 1 AND owner IN (SELECT owner FROM won)
    )${withCommands ? recorded : ""}
    SELECT array_agg(pos ORDER BY pos) AS positions, array_agg(DISTINCT owner) AS owners
    FROM numbered WHERE owner IN (SELECT owner FROM won)`;
}
