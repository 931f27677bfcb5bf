import type { Schema } from "../../driver/index.js";
import { outcomes } from "./outcomes.js";
import { latestMarker, latestVersion, markers, markerValues } from "./stream-version.js";

/** SQLSTATE that rolls back a call that is all or nothing. Its detail is the outcome as JSON. */
export const refusedState = "PT001";

/** How long a statement that carries appends of several callers waits for another transaction, in milliseconds. */
export const groupPatience = 30;

/**
 * Appends to many streams in one call: for several callers, each with its own outcome, or, with `p_together`, for one
 * caller, all or nothing. All streams and commands of a call are distinct.
 *
 * Same order of parts as `append_one`, each for all appends by one statement. Rows are written in one order. Without
 * `p_wait` it fails if it must wait longer than a moment for other transactions: one slow transaction must not delay appends of
 * others. If another append takes a version meanwhile, it fails as a transaction that cannot be serialized, and is repeated.
 *
 * An append of several that has no events is a condition: no append to its stream can commit before this transaction ends. Its row
 * is inserted together with the events, in the same order, so that two such calls never deadlock.
 */
export function appendGroupFunction(schema: Schema): string {
  const { sql, appenders, lock } = schema;
  const ofAppend = ["p_tenants[v_n]", "p_stream_types[v_n]", "p_stream_ids[v_n]"] as const;
  const held = { tenant: "a.tenant", type: "a.type", id: "a.id", version: "a.expected + 1" };
  const conditions = `UNION ALL SELECT ${markerValues(schema, "held", held)}::jsonb
      FROM unnest(p_tenants, p_stream_types, p_stream_ids, p_expected, p_counts) AS a (tenant, type, id, expected, count)
      WHERE a.count = 0`;
  const insert = (others: string) => `WITH numbered AS MATERIALIZED (
      SELECT nextval('${sql}.positions') AS pos, e.* FROM (
        SELECT * FROM unnest(p_owners, p_offsets, p_ids, p_types, p_schema_versions, p_data)
          WITH ORDINALITY AS u (owner, step, id, type, schema_version, data, n)
        WHERE outcomes[owner] = ${outcomes.appended}
        ORDER BY n
      ) e
    ), inserted AS (
      INSERT INTO ${sql}.events (pos, tenant, stream_type, stream_id, version, type, schema_version, bucket, id, at,
        correlation, causation, data, metadata)
      SELECT e.pos, p_tenants[e.owner] AS tenant, p_stream_types[e.owner] AS stream_type, p_stream_ids[e.owner] AS stream_id,
        p_expected[e.owner] + e.step AS version, e.type, e.schema_version, p_buckets[e.owner], e.id, append_group.at,
        p_correlations[e.owner], p_causations[e.owner], e.data, p_metadata[e.owner]::jsonb
      FROM numbered e ${others}
      ORDER BY stream_id, stream_type, tenant, version
      ON CONFLICT (stream_id, stream_type, tenant, version) DO NOTHING
      RETURNING 1
    )
    SELECT array_agg(e.pos ORDER BY e.n), (SELECT count(*) FROM inserted) INTO positions, v_written FROM numbered e;`;
  return `
CREATE OR REPLACE FUNCTION ${sql}.append_group(
  p_wait boolean, p_together boolean,
  p_tenants text[], p_stream_types text[], p_stream_ids text[], p_buckets smallint[], p_expected bigint[], p_counts integer[],
  p_correlations text[], p_causations text[], p_metadata text[],
  p_commands text[], p_request_hashes text[], p_responses bytea[],
  p_owners integer[], p_offsets integer[], p_ids uuid[], p_types text[], p_schema_versions integer[], p_data bytea[],
  p_value_owners integer[], p_value_indexes text[], p_values text[], p_values_taken boolean[], p_value_subjects text[],
  OUT outcomes smallint[], OUT versions bigint[], OUT positions bigint[], OUT at timestamptz, OUT responses bytea[],
  OUT taken_value integer
) LANGUAGE plpgsql AS $function$
#variable_conflict use_column
DECLARE
  v_found integer[];
  v_n integer;
  v_hash text;
  v_version bigint;
  v_response bytea;
  v_written bigint;
  v_conditions integer := 0;
  v_failed boolean := false;
BEGIN
  IF NOT p_wait THEN
    PERFORM set_config('lock_timeout', '${groupPatience}', true);
  END IF;
  PERFORM pg_advisory_xact_lock_shared(${appenders}, ${lock});
  outcomes := array_fill(NULL::smallint, ARRAY[cardinality(p_stream_ids)]);
  versions := array_fill(NULL::bigint, ARRAY[cardinality(p_stream_ids)]);

  IF p_commands IS NOT NULL THEN
    WITH wanted AS MATERIALIZED (
      SELECT * FROM unnest(p_tenants, p_commands, p_request_hashes, p_responses, p_expected, p_counts)
        WITH ORDINALITY AS c (tenant, id, hash, response, expected, count, n)
      WHERE id IS NOT NULL
    ), recorded AS (
      INSERT INTO ${sql}.commands (tenant, id, request_hash, response, version)
      SELECT tenant, id, hash, response, expected + count FROM wanted ORDER BY id, tenant
      ON CONFLICT DO NOTHING
      RETURNING tenant, id
    )
    SELECT array_agg(w.n) INTO v_found FROM wanted w
    WHERE NOT EXISTS (SELECT FROM recorded r WHERE r.tenant = w.tenant AND r.id = w.id);
    IF v_found IS NOT NULL THEN
      v_failed := true;
      responses := array_fill(NULL::bytea, ARRAY[cardinality(p_stream_ids)]);
      FOREACH v_n IN ARRAY v_found LOOP
        SELECT c.request_hash, c.version, c.response INTO v_hash, v_version, v_response
        FROM ${sql}.commands c WHERE c.tenant = p_tenants[v_n] AND c.id = p_commands[v_n];
        outcomes[v_n] := CASE WHEN v_hash = p_request_hashes[v_n] THEN ${outcomes.duplicate} ELSE ${outcomes.commandMismatch} END;
        versions[v_n] := v_version;
        responses[v_n] := v_response;
      END LOOP;
    END IF;
  END IF;

  FOR v_n IN SELECT n FROM unnest(outcomes) WITH ORDINALITY AS o (outcome, n) WHERE outcome IS NULL LOOP
    versions[v_n] := ${latestVersion(schema, ...ofAppend)};
    IF versions[v_n] = p_expected[v_n] THEN
      outcomes[v_n] := ${outcomes.appended};
      versions[v_n] := p_expected[v_n] + p_counts[v_n];
    ELSE
      outcomes[v_n] := CASE ${latestMarker(schema, ...ofAppend)} WHEN '${markers.closed}' THEN ${outcomes.closed} ELSE ${outcomes.conflict} END;
    END IF;
    IF outcomes[v_n] <> ${outcomes.appended} THEN
      v_failed := true;
      IF p_commands[v_n] IS NOT NULL THEN
        DELETE FROM ${sql}.commands c WHERE c.tenant = p_tenants[v_n] AND c.id = p_commands[v_n];
      END IF;
    END IF;
  END LOOP;

  IF p_value_owners IS NOT NULL AND NOT v_failed THEN
    DELETE FROM ${sql}.unique_values c
    USING unnest(p_value_owners, p_value_indexes, p_values, p_values_taken) AS r (owner, index, value, taken)
    WHERE NOT r.taken AND c.tenant = p_tenants[r.owner] AND c.index = r.index AND c.value = r.value
      AND c.stream_type = p_stream_types[r.owner] AND c.stream_id = p_stream_ids[r.owner];
    INSERT INTO ${sql}.unique_values (tenant, index, value, stream_type, stream_id, subject)
    SELECT p_tenants[r.owner], r.index, r.value, p_stream_types[r.owner], p_stream_ids[r.owner], r.subject
    FROM unnest(p_value_owners, p_value_indexes, p_values, p_values_taken, p_value_subjects)
      AS r (owner, index, value, taken, subject)
    WHERE r.taken
    ORDER BY r.value, r.index, p_tenants[r.owner]
    ON CONFLICT DO NOTHING;
    SELECT min(r.n) INTO taken_value
    FROM unnest(p_value_owners, p_value_indexes, p_values, p_values_taken)
      WITH ORDINALITY AS r (owner, index, value, taken, n)
    JOIN ${sql}.unique_values c ON c.tenant = p_tenants[r.owner] AND c.index = r.index AND c.value = r.value
    WHERE r.taken AND (c.stream_type, c.stream_id) <> (p_stream_types[r.owner], p_stream_ids[r.owner]);
    IF taken_value IS NOT NULL THEN
      v_failed := true;
      outcomes[p_value_owners[taken_value]] := ${outcomes.valueTaken};
    END IF;
  END IF;

  IF p_together AND v_failed THEN
    RAISE EXCEPTION 'the append was refused' USING ERRCODE = '${refusedState}', DETAIL = json_build_object(
      'outcomes', outcomes, 'versions', versions, 'taken_value', taken_value,
      'responses', (SELECT json_agg(encode(r, 'base64') ORDER BY n) FROM unnest(responses) WITH ORDINALITY AS x (r, n)))::text;
  END IF;

  at := clock_timestamp();
  IF p_together AND 0 = ANY (p_counts) THEN
    v_conditions := cardinality(array_positions(p_counts, 0));
    ${insert(conditions)}
  ELSE
    ${insert("")}
  END IF;
  IF v_written < coalesce(cardinality(positions), 0) + v_conditions THEN
    RAISE EXCEPTION 'another transaction has appended to a stream' USING ERRCODE = 'serialization_failure';
  END IF;
  IF v_conditions > 0 THEN
    -- The rows hold their versions until the transaction ends, although they are deleted.
    DELETE FROM ${sql}.events e USING unnest(p_tenants, p_stream_types, p_stream_ids, p_expected, p_counts)
      AS a (tenant, type, id, expected, count)
    WHERE a.count = 0 AND e.stream_id = a.id AND e.stream_type = a.type AND e.tenant = a.tenant
      AND e.version = a.expected + 1 AND e.pos < 0;
  END IF;
END
$function$;`;
}
