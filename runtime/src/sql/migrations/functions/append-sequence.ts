import type { Schema } from "../../driver/index.js";
import { latestVersion } from "./stream-version.js";

/**
 * Appends the events of several commands to one stream, in their order, all or nothing: `appended` is false if nothing
 * was done. Same order of parts as `append_one`. One statement records the commands, so a repetition of one of them
 * waits for all.
 */
export function appendSequenceFunction(schema: Schema): string {
  const { sql, appenders, lock } = schema;
  return `
CREATE OR REPLACE FUNCTION ${sql}.append_sequence(
  p_tenant text, p_stream_type text, p_stream_id text, p_bucket smallint, p_expected bigint,
  p_commands text[], p_request_hashes text[], p_responses bytea[], p_command_versions bigint[],
  p_ids uuid[], p_types text[], p_schema_versions integer[], p_data bytea[],
  p_correlations text[], p_causations text[], p_metadata text[],
  OUT appended boolean, OUT positions bigint[], OUT at timestamptz
) LANGUAGE plpgsql AS $function$
#variable_conflict use_column
DECLARE
  v_recorded text[] := '{}';
  v_written bigint;
BEGIN
  PERFORM pg_advisory_xact_lock_shared(${appenders}, ${lock});
  IF p_commands IS NOT NULL THEN
    WITH recorded AS (
      INSERT INTO ${sql}.commands (tenant, id, request_hash, response, version)
      SELECT p_tenant, c.id, c.hash, c.response, c.version
      FROM unnest(p_commands, p_request_hashes, p_responses, p_command_versions) AS c (id, hash, response, version)
      ORDER BY c.id
      ON CONFLICT DO NOTHING
      RETURNING id
    )
    SELECT coalesce(array_agg(id), '{}') INTO v_recorded FROM recorded;
  END IF;
  appended := cardinality(v_recorded) = coalesce(cardinality(p_commands), 0);
  IF appended THEN
    appended := ${latestVersion(schema, "p_tenant", "p_stream_type", "p_stream_id")} = p_expected;
  END IF;
  IF NOT appended THEN
    -- They were visible to nobody.
    DELETE FROM ${sql}.commands c WHERE c.tenant = p_tenant AND c.id = ANY (v_recorded);
    RETURN;
  END IF;
  at := clock_timestamp();
  WITH numbered AS MATERIALIZED (
    SELECT nextval('${sql}.positions') AS pos, e.* FROM (
      SELECT * FROM unnest(p_ids, p_types, p_schema_versions, p_data, p_correlations, p_causations, p_metadata)
        WITH ORDINALITY AS u (id, type, schema_version, data, correlation, causation, metadata, n)
      ORDER BY n
    ) e
  ), inserted AS (
    INSERT INTO ${sql}.events (pos, tenant, stream_type, stream_id, version, type, schema_version, bucket, id, at,
      correlation, causation, data, metadata)
    SELECT e.pos, p_tenant, p_stream_type, p_stream_id, p_expected + e.n, e.type, e.schema_version, p_bucket, e.id,
      append_sequence.at, e.correlation, e.causation, e.data, e.metadata::jsonb
    FROM numbered e ORDER BY e.n
    ON CONFLICT (stream_id, stream_type, tenant, version) DO NOTHING
    RETURNING 1
  )
  SELECT array_agg(e.pos ORDER BY e.n), (SELECT count(*) FROM inserted) INTO positions, v_written FROM numbered e;
  IF v_written < coalesce(cardinality(positions), 0) THEN
    RAISE EXCEPTION 'another transaction has appended to the stream' USING ERRCODE = 'serialization_failure';
  END IF;
END
$function$;`;
}
