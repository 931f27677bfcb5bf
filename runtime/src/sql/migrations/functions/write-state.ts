import type { Schema } from "../../driver/index.js";

/**
 * Stores a state in one round trip, with its command, unique values and messages. Correctness depends on the order of
 * the parts:
 *
 * - The command comes before the state: a repeated command must not get a conflict. After a conflict the record of the
 *   command is deleted; no other transaction has seen it.
 * - The row of the state is locked by its compare-and-set before messages are numbered, so that the order of the outbox is
 *   the order of versions within a stream.
 * - A taken unique value rolls back the inner block only, since the caller may have its own transaction. Writes without
 *   unique values need no block. Values are inserted in one order to avoid deadlocks.
 *
 * Each statement must see what was committed before it, so the function requires READ COMMITTED.
 */
export function writeStateFunction({ sql }: Schema): string {
  return `
CREATE FUNCTION ${sql}.write_state(
  p_tenant text, p_type text, p_id text, p_expected bigint, p_state_version integer, p_state bytea,
  p_ids uuid[], p_types text[], p_schema_versions integer[], p_data bytea[], p_send boolean,
  p_correlation text, p_causation text, p_metadata text,
  p_command text, p_request_hash text, p_response bytea,
  p_indexes text[], p_values text[], p_taken boolean[],
  OUT outcome text, OUT version bigint, OUT at timestamptz, OUT response bytea, OUT taken_value integer
) LANGUAGE plpgsql AS $function$
#variable_conflict use_column
DECLARE
  v_count integer := cardinality(p_types);
  v_hash text;
BEGIN
  IF p_command IS NOT NULL THEN
    INSERT INTO ${sql}.commands (tenant, id, request_hash, response, version)
    VALUES (p_tenant, p_command, p_request_hash, p_response, p_expected + v_count)
    ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN
      SELECT c.request_hash, c.response, c.version INTO v_hash, write_state.response, write_state.version
      FROM ${sql}.commands c WHERE c.tenant = p_tenant AND c.id = p_command;
      outcome := CASE WHEN v_hash = p_request_hash THEN 'duplicate' ELSE 'command_mismatch' END;
      RETURN;
    END IF;
  END IF;

  version := p_expected + v_count;
  at := clock_timestamp();
  IF p_indexes IS NULL THEN
${storeState(sql)}
  ELSE
    BEGIN
${storeState(sql)}
      IF outcome = 'appended' THEN
        DELETE FROM ${sql}.unique_values c USING unnest(p_indexes, p_values, p_taken) AS r (index, value, taken)
        WHERE NOT r.taken AND c.tenant = p_tenant AND c.index = r.index AND c.value = r.value
          AND c.stream_type = p_type AND c.stream_id = p_id;
        INSERT INTO ${sql}.unique_values (tenant, index, value, stream_type, stream_id)
        SELECT p_tenant, r.index, r.value, p_type, p_id FROM unnest(p_indexes, p_values, p_taken) AS r (index, value, taken)
        WHERE r.taken ORDER BY r.index, r.value
        ON CONFLICT DO NOTHING;
        SELECT min(r.n) INTO taken_value
        FROM unnest(p_indexes, p_values, p_taken) WITH ORDINALITY AS r (index, value, taken, n)
        JOIN ${sql}.unique_values c ON c.tenant = p_tenant AND c.index = r.index AND c.value = r.value
        WHERE r.taken AND (c.stream_type, c.stream_id) <> (p_type, p_id);
        IF taken_value IS NOT NULL THEN RAISE EXCEPTION 'a unique value is taken' USING ERRCODE = 'PT001'; END IF;
      END IF;
    EXCEPTION WHEN SQLSTATE 'PT001' THEN
      outcome := 'value_taken';
    END;
  END IF;

  IF outcome <> 'appended' AND p_command IS NOT NULL THEN
    DELETE FROM ${sql}.commands c WHERE c.tenant = p_tenant AND c.id = p_command;
  END IF;
END
$function$;`;
}

/** Stores the state if the stored version is the expected one, and inserts its messages into the outbox. */
function storeState(sql: string): string {
  return `
    IF v_count = 0 THEN
      PERFORM FROM ${sql}.states s WHERE s.tenant = p_tenant AND s.type = p_type AND s.id = p_id
      HAVING coalesce(max(s.version), 0) = p_expected;
    ELSIF p_expected = 0 THEN
      INSERT INTO ${sql}.states (tenant, type, id, version, state_version, state, at)
      VALUES (p_tenant, p_type, p_id, v_count, p_state_version, p_state, write_state.at)
      ON CONFLICT DO NOTHING;
    ELSE
      UPDATE ${sql}.states s
      SET version = p_expected + v_count, state_version = p_state_version, state = p_state, at = write_state.at
      WHERE s.tenant = p_tenant AND s.type = p_type AND s.id = p_id AND s.version = p_expected;
    END IF;
    IF NOT FOUND THEN
      outcome := 'conflict';
      SELECT s.version INTO write_state.version FROM ${sql}.states s
      WHERE s.tenant = p_tenant AND s.type = p_type AND s.id = p_id;
      version := coalesce(version, 0);
    ELSE
      outcome := 'appended';
      IF p_send THEN
        INSERT INTO ${sql}.outbox (tenant, stream_type, stream_id, version, type, schema_version, id, at,
          correlation, causation, data, metadata)
        SELECT p_tenant, p_type, p_id, p_expected + u.n, u.type, u.schema_version, u.id, write_state.at,
          p_correlation, p_causation, u.data, p_metadata::jsonb
        FROM unnest(p_ids, p_types, p_schema_versions, p_data) WITH ORDINALITY AS u (id, type, schema_version, data, n)
        ORDER BY u.n;
      END IF;
    END IF;`;
}
