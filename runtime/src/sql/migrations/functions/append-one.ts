import type { Schema } from "../../driver/index.js";
import { outcomes } from "./outcomes.js";
import { latestMarker, latestVersion, markers } from "./stream-version.js";

/**
 * Appends one event to one stream. Correctness depends on the order of the parts, in all functions and statements that append:
 *
 * - The shared lock comes before any position is drawn. It marks a running append, so that a reader knows whether a gap
 *   in the positions can still be filled. Holders of the shared lock do not block each other.
 * - The command comes before the stream: a repeated command must not get a conflict. After a conflict the record of the
 *   command is deleted; no other transaction has seen it.
 * - The stream has the expected version before a position is drawn: the event of that version is committed, so positions of a
 *   stream have the order of its versions, and a refused append draws none. Of the appends that have found the same version,
 *   the unique index lets one write the next; the others draw a position in vain.
 *
 * Each statement must see what was committed before it, so the function requires READ COMMITTED.
 */
export function appendOneFunction(schema: Schema): string {
  const { sql, appenders, lock } = schema;
  const stream = ["p_tenant", "p_stream_type", "p_stream_id"] as const;
  return `
CREATE OR REPLACE FUNCTION ${sql}.append_one(
  p_tenant text, p_stream_type text, p_stream_id text, p_bucket smallint, p_expected bigint,
  p_id uuid, p_type text, p_schema_version integer, p_data bytea,
  p_correlation text, p_causation text, p_metadata text,
  p_command text, p_request_hash text, p_response bytea,
  OUT outcome smallint, OUT version bigint, OUT pos bigint, OUT response bytea
) LANGUAGE plpgsql AS $function$
#variable_conflict use_column
DECLARE
  v_hash text;
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
  version := ${latestVersion(schema, ...stream)};
  IF version = p_expected THEN
    INSERT INTO ${sql}.events (pos, tenant, stream_type, stream_id, version, type, schema_version, bucket, id, at,
      correlation, causation, data, metadata)
    VALUES (nextval('${sql}.positions'), p_tenant, p_stream_type, p_stream_id, p_expected + 1, p_type, p_schema_version,
      p_bucket, p_id, clock_timestamp(), p_correlation, p_causation, p_data, p_metadata::jsonb)
    ON CONFLICT (stream_id, stream_type, tenant, version) DO NOTHING
    RETURNING pos INTO append_one.pos;
    IF FOUND THEN
      outcome := ${outcomes.appended};
      version := p_expected + 1;
      RETURN;
    END IF;
    version := ${latestVersion(schema, ...stream)};
  END IF;
  outcome := CASE ${latestMarker(schema, ...stream)} WHEN '${markers.closed}' THEN ${outcomes.closed} ELSE ${outcomes.conflict} END;
  IF p_command IS NOT NULL THEN
    DELETE FROM ${sql}.commands c WHERE c.tenant = p_tenant AND c.id = p_command;
  END IF;
END
$function$;`;
}
