import type { Schema } from "../../driver/index.js";
import { groupPatience, refusedState } from "./append-group.js";
import { outcomes } from "./outcomes.js";
import { latestMarker, latestVersion, markers } from "./stream-version.js";

/**
 * Appends like `append_group`, each append with at least one event, and writes the rows of read
 * models that the caller has computed, on condition that the rows that it has read are unchanged. Each append has its
 * own outcome. `p_together`: for a single append with unique values, whose refusal rolls back.
 *
 * Same order of parts as `append_group`; the rows follow the events, as in transactions that apply inline projections
 * themselves. The function takes the same locks of rows as they do (see `lock_rows`), but waits for none: a row that is
 * locked is about to change. So it waits for nothing while it holds locks of rows. Rows are compared after they are
 * locked, by a statement of its own, which sees what their last holder has committed.
 *
 * An append may create keys of data subjects, before its stream, as the statement `singlesWithKeys` does. An append whose
 * keys exist, or whose rows have changed, takes back its keys, its events and its command; no other transaction has seen
 * them.
 *
 * Statements are planned once per connection (`plan_cache_mode`): planning them for each call takes longer than to run
 * them. So rows of tables are looked up one by one, by their key: a join, planned for an empty table, would keep scanning
 * all of it.
 */
export function appendWithRowsFunction(schema: Schema): string {
  return createFunction(schema, "append_with_rows");
}

/**
 * The same for units of several appends that are all or nothing. `p_units`: the unit of each append; the rows of a unit are those of its
 * first one. `p_follow`: the append follows another one of its unit to the same stream. Both are NULL if each append is a unit.
 */
export function appendUnitsFunction(schema: Schema): string {
  return createFunction(schema, "append_units");
}

function createFunction(schema: Schema, name: "append_with_rows" | "append_units"): string {
  const { sql, appenders, lock } = schema;
  const ofUnits = (text: string) => (name === "append_units" ? text : "");
  const dropCommand = `IF p_commands[v_n] IS NOT NULL THEN
        DELETE FROM ${sql}.commands c WHERE c.tenant = p_tenants[v_n] AND c.id = p_commands[v_n];
      END IF;`;
  const ofAppend = ["p_tenants[v_n]", "p_stream_types[v_n]", "p_stream_ids[v_n]"] as const;
  const ofRow = `r.view = p_views[u.t] AND r.version = p_view_versions[u.t] AND r.generation = p_generations[u.t]
      AND r.tenant = u.tenant AND r.key = u.key`;
  // The same as `row_lock`, which PostgreSQL does not inline.
  const rowLock = `hashtextextended(p_views[u.t] || ' ' || p_view_versions[u.t]::text || '.' || p_generations[u.t]::text
        || ' ' || length(u.tenant)::text || ' ' || u.tenant || u.key, 0)`;
  const ofValue = `c.tenant = p_tenants[r.owner] AND c.index = r.index AND c.value = r.value`;
  return `
CREATE OR REPLACE FUNCTION ${sql}.${name}(
  p_together boolean,
  p_tenants text[], p_stream_types text[], p_stream_ids text[], p_buckets smallint[], p_expected bigint[], p_counts integer[],
  p_correlations text[], p_causations text[], p_metadata text[],
  p_commands text[], p_request_hashes text[], p_responses bytea[],
  p_owners integer[], p_offsets integer[], p_ids uuid[], p_types text[], p_schema_versions integer[], p_data bytea[],
  p_value_owners integer[], p_value_indexes text[], p_values text[], p_values_taken boolean[], p_value_subjects text[],
  p_at bigint[],
  p_key_owners integer[], p_key_tenants text[], p_key_subjects text[], p_key_data bytea[], p_keys_wrapped_by text[],
  p_views text[], p_view_versions integer[], p_generations integer[],
  p_row_owners integer[], p_tables integer[], p_row_tenants text[], p_keys text[],
  p_read boolean[], p_before bytea[], p_changed boolean[], p_after bytea[], p_fields text[],${ofUnits(`
  p_units integer[], p_follow boolean[],`)}
  OUT outcomes smallint[], OUT versions bigint[], OUT positions bigint[], OUT at timestamptz, OUT responses bytea[],
  OUT taken_value integer
) LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $function$
#variable_conflict use_column
DECLARE
  v_found integer[];
  v_n integer;
  v_hash text;
  v_version bigint;
  v_response bytea;
  v_written bigint;
  v_writers integer[];
  v_failed boolean := false;
BEGIN
  PERFORM set_config('lock_timeout', '${groupPatience}', true);
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

  IF p_key_owners IS NOT NULL THEN
    WITH made AS (
      INSERT INTO ${sql}.subject_keys (tenant, subject, key, wrapped_by)
      SELECT u.tenant, u.subject, u.key, u.wrapped_by
      FROM unnest(p_key_owners, p_key_tenants, p_key_subjects, p_key_data, p_keys_wrapped_by)
        AS u (owner, tenant, subject, key, wrapped_by)
      WHERE outcomes[u.owner] IS NULL
      ORDER BY u.tenant, u.subject
      ON CONFLICT DO NOTHING
      RETURNING tenant, subject
    )
    SELECT array_agg(DISTINCT u.owner) INTO v_found
    FROM unnest(p_key_owners, p_key_tenants, p_key_subjects) AS u (owner, tenant, subject)
    WHERE outcomes[u.owner] IS NULL
      AND NOT EXISTS (SELECT FROM made m WHERE m.tenant = u.tenant AND m.subject = u.subject);
    FOREACH v_n IN ARRAY coalesce(v_found, '{}') LOOP
      v_failed := true;
      outcomes[v_n] := ${outcomes.keyExists};
      versions[v_n] := 0;
      IF p_commands[v_n] IS NOT NULL THEN
        DELETE FROM ${sql}.commands c WHERE c.tenant = p_tenants[v_n] AND c.id = p_commands[v_n];
      END IF;
    END LOOP;
  END IF;

  FOR v_n IN SELECT n FROM unnest(outcomes) WITH ORDINALITY AS o (outcome, n) WHERE outcome IS NULL LOOP
    ${ofUnits(`IF p_follow[v_n] THEN
      outcomes[v_n] := ${outcomes.appended};
      versions[v_n] := p_expected[v_n] + p_counts[v_n];
      CONTINUE;
    END IF;
    `)}versions[v_n] := ${latestVersion(schema, ...ofAppend)};
    IF versions[v_n] = p_expected[v_n] THEN
      outcomes[v_n] := ${outcomes.appended};
      versions[v_n] := p_expected[v_n] + p_counts[v_n];
      CONTINUE;
    END IF;
    outcomes[v_n] := CASE ${latestMarker(schema, ...ofAppend)} WHEN '${markers.closed}' THEN ${outcomes.closed} ELSE ${outcomes.conflict} END;
    v_failed := true;
    IF p_commands[v_n] IS NOT NULL THEN
      DELETE FROM ${sql}.commands c WHERE c.tenant = p_tenants[v_n] AND c.id = p_commands[v_n];
    END IF;
  END LOOP;

${ofUnits(`  IF p_units IS NOT NULL AND v_failed THEN
    FOR v_n IN SELECT u.n FROM unnest(p_units) WITH ORDINALITY AS u (unit, n)
      WHERE outcomes[u.n] = ${outcomes.appended} AND EXISTS (
        SELECT FROM unnest(p_units) WITH ORDINALITY AS o (unit, n)
        WHERE o.unit = u.unit AND outcomes[o.n] <> ${outcomes.appended})
    LOOP
      outcomes[v_n] := ${outcomes.rowChanged};
      ${dropCommand}
    END LOOP;
  END IF;

`)}  IF p_value_owners IS NOT NULL AND NOT v_failed THEN
    FOR v_n IN 1..cardinality(p_values) LOOP
      CONTINUE WHEN p_values_taken[v_n];
      DELETE FROM ${sql}.unique_values c WHERE c.tenant = p_tenants[p_value_owners[v_n]]
        AND c.index = p_value_indexes[v_n] AND c.value = p_values[v_n]
        AND c.stream_type = p_stream_types[p_value_owners[v_n]] AND c.stream_id = p_stream_ids[p_value_owners[v_n]];
    END LOOP;
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
    WHERE r.taken AND (SELECT (c.stream_type, c.stream_id) <> (p_stream_types[r.owner], p_stream_ids[r.owner])
      FROM ${sql}.unique_values c WHERE ${ofValue});
    IF taken_value IS NOT NULL THEN
      v_failed := true;
      outcomes[p_value_owners[taken_value]] := ${outcomes.valueTaken};
    END IF;
  END IF;

  at := clock_timestamp();
  WITH numbered AS MATERIALIZED (
    SELECT nextval('${sql}.positions') AS pos, e.* FROM (
      SELECT * FROM unnest(p_owners, p_offsets, p_ids, p_types, p_schema_versions, p_data)
        WITH ORDINALITY AS u (owner, step, id, type, schema_version, data, n)
      WHERE outcomes[owner] = ${outcomes.appended}
      ORDER BY n
    ) e
  ), inserted AS (
    INSERT INTO ${sql}.events (pos, tenant, stream_type, stream_id, version, type, schema_version, bucket, id, at,
      correlation, causation, data, metadata)
    SELECT e.pos, p_tenants[e.owner], p_stream_types[e.owner], p_stream_ids[e.owner], p_expected[e.owner] + e.step, e.type,
      e.schema_version, p_buckets[e.owner], e.id, coalesce(to_timestamp(p_at[e.owner] / 1000.0), ${name}.at),
      p_correlations[e.owner], p_causations[e.owner], e.data, p_metadata[e.owner]::jsonb
    FROM numbered e ORDER BY p_stream_ids[e.owner], p_stream_types[e.owner], p_tenants[e.owner], e.step
    ON CONFLICT (stream_id, stream_type, tenant, version) DO NOTHING
    RETURNING 1
  )
  SELECT array_agg(e.pos ORDER BY e.n), array_agg(e.owner ORDER BY e.n), (SELECT count(*) FROM inserted)
  INTO positions, v_writers, v_written FROM numbered e;
  IF v_written < coalesce(cardinality(positions), 0) THEN
    RAISE EXCEPTION 'another transaction has appended to a stream' USING ERRCODE = 'serialization_failure';
  END IF;

  IF p_row_owners IS NOT NULL THEN
    SELECT array_agg(DISTINCT u.owner) INTO v_found
    FROM unnest(p_row_owners, p_tables, p_row_tenants, p_keys, p_changed) AS u (owner, t, tenant, key, changed)
    WHERE outcomes[u.owner] = ${outcomes.appended} AND NOT CASE
      WHEN u.changed THEN pg_try_advisory_xact_lock(${rowLock})
      ELSE pg_try_advisory_xact_lock_shared(${rowLock})
    END;
    FOREACH v_n IN ARRAY coalesce(v_found, '{}') LOOP
      outcomes[v_n] := ${outcomes.rowChanged};
    END LOOP;
    IF true = ANY (p_read) THEN
      SELECT v_found || array_agg(DISTINCT u.owner) INTO v_found
      FROM unnest(p_row_owners, p_tables, p_row_tenants, p_keys, p_read, p_before)
        AS u (owner, t, tenant, key, read, before)
      WHERE u.read AND outcomes[u.owner] = ${outcomes.appended}
        AND (SELECT r.data FROM ${sql}.rows r WHERE ${ofRow}) IS DISTINCT FROM u.before;
    END IF;${ofUnits(`
    IF p_units IS NOT NULL AND v_found IS NOT NULL THEN
      SELECT array_agg(u.n) INTO v_found FROM unnest(p_units) WITH ORDINALITY AS u (unit, n)
      WHERE u.unit IN (SELECT p_units[f] FROM unnest(v_found) AS f);
    END IF;`)}
    FOREACH v_n IN ARRAY coalesce(v_found, '{}') LOOP
      v_failed := true;
      outcomes[v_n] := ${outcomes.rowChanged};
      FOR v_version IN SELECT pos FROM unnest(positions, v_writers) AS w (pos, owner) WHERE owner = v_n LOOP
        DELETE FROM ${sql}.events e WHERE e.pos = v_version;
      END LOOP;
      IF p_commands[v_n] IS NOT NULL THEN
        DELETE FROM ${sql}.commands c WHERE c.tenant = p_tenants[v_n] AND c.id = p_commands[v_n];
      END IF;
    END LOOP;
    IF v_found IS NOT NULL THEN
      SELECT array_agg(pos ORDER BY n) INTO positions FROM unnest(positions, v_writers) WITH ORDINALITY AS w (pos, owner, n)
      WHERE outcomes[owner] = ${outcomes.appended};
    END IF;
  END IF;

  IF p_key_owners IS NOT NULL AND v_failed THEN
    FOR v_n IN SELECT u.n FROM unnest(p_key_owners) WITH ORDINALITY AS u (owner, n)
      WHERE outcomes[u.owner] <> ${outcomes.appended}
    LOOP
      DELETE FROM ${sql}.subject_keys k WHERE k.tenant = p_key_tenants[v_n] AND k.subject = p_key_subjects[v_n]
        AND k.key = p_key_data[v_n];
    END LOOP;
  END IF;

  IF p_together AND v_failed THEN
    RAISE EXCEPTION 'the append was refused' USING ERRCODE = '${refusedState}', DETAIL = json_build_object(
      'outcomes', outcomes, 'versions', versions, 'taken_value', taken_value,
      'responses', (SELECT json_agg(encode(r, 'base64') ORDER BY n) FROM unnest(responses) WITH ORDINALITY AS x (r, n)))::text;
  END IF;

  IF p_row_owners IS NOT NULL THEN
    INSERT INTO ${sql}.rows (view, version, generation, tenant, key, data, fields)
    SELECT p_views[u.t], p_view_versions[u.t], p_generations[u.t], u.tenant, u.key, u.data, u.fields::jsonb
    FROM unnest(p_row_owners, p_tables, p_row_tenants, p_keys, p_changed, p_after, p_fields)
      AS u (owner, t, tenant, key, changed, data, fields)
    WHERE u.changed AND u.data IS NOT NULL AND outcomes[u.owner] = ${outcomes.appended}
    ORDER BY u.t, u.tenant, u.key
    ON CONFLICT (view, version, generation, tenant, key) DO UPDATE SET data = excluded.data, fields = excluded.fields;
    FOR v_n IN SELECT u.n FROM unnest(p_row_owners, p_changed, p_after) WITH ORDINALITY AS u (owner, changed, data, n)
      WHERE u.changed AND u.data IS NULL AND outcomes[u.owner] = ${outcomes.appended}
    LOOP
      DELETE FROM ${sql}.rows r WHERE r.view = p_views[p_tables[v_n]] AND r.version = p_view_versions[p_tables[v_n]]
        AND r.generation = p_generations[p_tables[v_n]] AND r.tenant = p_row_tenants[v_n] AND r.key = p_keys[v_n];
    END LOOP;
  END IF;
END
$function$;`;
}
