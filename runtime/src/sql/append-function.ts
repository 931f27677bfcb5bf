import type { Schema } from "./schema.js";

/**
 * The function that appends to one stream in one round trip. The order of its parts is what makes it right:
 *
 * - The shared lock comes before any position is drawn. It marks a living appender, so that a reader can tell
 *   whether a hole in the positions may still be filled. Sharers never wait for one another.
 * - The command comes before the stream: a repeated one must not be told of a conflict. When there is a
 *   conflict, the record of the command is taken back; it was visible to nobody.
 * - The stream's row is locked by its compare-and-set before positions are drawn, so that order of position is
 *   order of version within a stream, and a loser draws none.
 *
 * It relies on each of its statements seeing what was committed before it, that is on READ COMMITTED.
 */
export function appendFunction({ sql, appenders, lock }: Schema): string {
  return `
CREATE FUNCTION ${sql}.append_events(
  p_tenant text, p_stream_type text, p_stream_id text, p_expected bigint,
  p_ids uuid[], p_types text[], p_schema_versions integer[], p_data bytea[],
  p_correlation text, p_causation text, p_metadata jsonb,
  p_command text, p_request_hash text, p_response bytea,
  OUT outcome text, OUT version bigint, OUT at timestamptz, OUT positions bigint[], OUT response bytea
) LANGUAGE plpgsql AS $function$
#variable_conflict use_column
DECLARE
  v_count integer := cardinality(p_ids);
  v_hash text;
  v_position bigint;
BEGIN
  PERFORM pg_advisory_xact_lock_shared(${appenders}, ${lock});

  IF p_command IS NOT NULL THEN
    INSERT INTO ${sql}.commands (tenant, id, request_hash, response, version)
    VALUES (p_tenant, p_command, p_request_hash, p_response, p_expected + v_count)
    ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN
      SELECT c.request_hash, c.response, c.version INTO v_hash, append_events.response, append_events.version
      FROM ${sql}.commands c WHERE c.tenant = p_tenant AND c.id = p_command;
      outcome := CASE WHEN v_hash = p_request_hash THEN 'duplicate' ELSE 'mismatch' END;
      RETURN;
    END IF;
  END IF;

  version := p_expected + v_count;
  IF v_count = 0 THEN
    PERFORM FROM ${sql}.streams s
    WHERE s.tenant = p_tenant AND s.type = p_stream_type AND s.id = p_stream_id
    HAVING coalesce(max(s.version), 0) = p_expected;
    IF FOUND THEN outcome := 'appended'; END IF;
  ELSIF p_expected = 0 THEN
    INSERT INTO ${sql}.streams (tenant, type, id, version)
    VALUES (p_tenant, p_stream_type, p_stream_id, v_count)
    ON CONFLICT DO NOTHING;
    IF FOUND THEN outcome := 'appended'; END IF;
  ELSE
    UPDATE ${sql}.streams s SET version = p_expected + v_count
    WHERE s.tenant = p_tenant AND s.type = p_stream_type AND s.id = p_stream_id AND s.version = p_expected;
    IF FOUND THEN outcome := 'appended'; END IF;
  END IF;

  IF outcome IS NULL THEN
    outcome := 'conflict';
    SELECT s.version INTO append_events.version FROM ${sql}.streams s
    WHERE s.tenant = p_tenant AND s.type = p_stream_type AND s.id = p_stream_id;
    version := coalesce(version, 0);
    IF p_command IS NOT NULL THEN
      DELETE FROM ${sql}.commands c WHERE c.tenant = p_tenant AND c.id = p_command;
    END IF;
    RETURN;
  END IF;

  at := clock_timestamp();
  IF v_count = 1 THEN
    INSERT INTO ${sql}.events (pos, tenant, stream_type, stream_id, version, type, schema_version, id, at,
      correlation, causation, data, metadata)
    VALUES (nextval('${sql}.positions'), p_tenant, p_stream_type, p_stream_id, p_expected + 1, p_types[1],
      p_schema_versions[1], p_ids[1], at, p_correlation, p_causation, p_data[1], p_metadata)
    RETURNING pos INTO v_position;
    positions := ARRAY[v_position];
  ELSIF v_count > 1 THEN
    WITH numbered AS MATERIALIZED (
      SELECT nextval('${sql}.positions') AS pos, e.* FROM (
        SELECT * FROM unnest(p_ids, p_types, p_schema_versions, p_data) WITH ORDINALITY
          AS u (id, type, schema_version, data, n)
        ORDER BY n
      ) e
    ), inserted AS (
      INSERT INTO ${sql}.events (pos, tenant, stream_type, stream_id, version, type, schema_version, id, at,
        correlation, causation, data, metadata)
      SELECT n.pos, p_tenant, p_stream_type, p_stream_id, p_expected + n.n, n.type, n.schema_version, n.id,
        append_events.at, p_correlation, p_causation, n.data, p_metadata
      FROM numbered n ORDER BY n.n
      RETURNING pos
    )
    SELECT array_agg(i.pos ORDER BY i.pos) INTO positions FROM inserted i;
  END IF;
END
$function$;`;
}
