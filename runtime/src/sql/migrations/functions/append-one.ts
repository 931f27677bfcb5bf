import type { Schema } from "../../driver/index.js";
import { outcomes } from "./outcomes.js";

/**
 * Appends one event to one stream. Correctness depends on the order of the parts, here and in `append_group`:
 *
 * - The shared lock comes before any position is drawn. It marks a running append, so that a reader knows whether a gap
 *   in the positions can still be filled. Holders of the shared lock do not block each other.
 * - The command comes before the stream: a repeated command must not get a conflict. After a conflict the record of the
 *   command is deleted; no other transaction has seen it.
 * - The stream's row is locked by its compare-and-set before positions are drawn, so that positions of a stream have
 *   the order of its versions, and a refused append draws none.
 *
 * Each statement must see what was committed before it, so the function requires READ COMMITTED.
 */
export function appendOneFunction({ sql, appenders, lock }: Schema): string {
  return `
CREATE FUNCTION ${sql}.append_one(
  p_tenant text, p_stream_type text, p_stream_id text, p_bucket smallint, p_expected bigint,
  p_id uuid, p_type text, p_schema_version integer, p_data bytea,
  p_correlation text, p_causation text, p_metadata text,
  p_command text, p_request_hash text, p_response bytea,
  OUT outcome smallint, OUT version bigint, OUT pos bigint, OUT response bytea
) LANGUAGE plpgsql AS $function$
#variable_conflict use_column
DECLARE
  v_hash text;
  v_closed boolean;
BEGIN
  PERFORM pg_advisory_xact_lock_shared(${appenders}, ${lock});
  IF p_command IS NOT NULL THEN
    INSERT INTO ${sql}.commands (tenant, id, request_hash, response, version)
    VALUES (p_tenant, p_command, p_request_hash, p_response, p_expected + 1)
    ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN
      SELECT c.request_hash, c.response, c.version INTO v_hash, append_one.response, append_one.version
      FROM ${sql}.commands c WHERE c.tenant = p_tenant AND c.id = p_command;
      outcome := CASE WHEN v_hash = p_request_hash THEN ${outcomes.duplicate} ELSE ${outcomes.commandMismatch} END;
      RETURN;
    END IF;
  END IF;
  IF p_expected = 0 THEN
    INSERT INTO ${sql}.streams (tenant, type, id, version)
    VALUES (p_tenant, p_stream_type, p_stream_id, 1)
    ON CONFLICT DO NOTHING;
  ELSE
    UPDATE ${sql}.streams s SET version = p_expected + 1
    WHERE s.tenant = p_tenant AND s.type = p_stream_type AND s.id = p_stream_id
      AND s.version = p_expected AND NOT s.closed;
  END IF;
  IF NOT FOUND THEN
    SELECT s.version, s.closed INTO append_one.version, v_closed FROM ${sql}.streams s
    WHERE s.tenant = p_tenant AND s.type = p_stream_type AND s.id = p_stream_id;
    outcome := CASE WHEN v_closed THEN ${outcomes.closed} ELSE ${outcomes.conflict} END;
    version := coalesce(version, 0);
    IF p_command IS NOT NULL THEN
      DELETE FROM ${sql}.commands c WHERE c.tenant = p_tenant AND c.id = p_command;
    END IF;
    RETURN;
  END IF;
  INSERT INTO ${sql}.events (pos, tenant, stream_type, stream_id, version, type, schema_version, bucket, id, at,
    correlation, causation, data, metadata)
  VALUES (nextval('${sql}.positions'), p_tenant, p_stream_type, p_stream_id, p_expected + 1, p_type, p_schema_version,
    p_bucket, p_id, clock_timestamp(), p_correlation, p_causation, p_data, p_metadata::jsonb)
  RETURNING pos INTO append_one.pos;
  outcome := ${outcomes.appended};
  version := p_expected + 1;
END
$function$;`;
}
