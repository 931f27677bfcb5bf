import { outOfOrderState, type Schema } from "../../driver/index.js";

/**
 * Functions that read rows under exclusive locks, and write all changes of a transaction at once.
 *
 * A transaction that has read a row holds an advisory lock on it until it ends, also if the row does not exist; writes
 * take the same locks. So of two appends that change one row inline, the second sees the change of the first. The same
 * holds for two shards of a projection. Within one shard no locks are needed: the checkpoint serializes commits.
 *
 * To avoid deadlocks, a transaction waits only for locks above its highest one, `p_highest_lock`. It takes a lower lock
 * only if that is free; otherwise it fails with PT002, and the retry first locks all rows of the failed attempt, in one
 * order.
 */
export function writeRowsFunctions({ sql }: Schema): string {
  return `
CREATE FUNCTION ${sql}.row_lock(p_view text, p_version integer, p_generation integer, p_tenant text, p_key text)
RETURNS bigint LANGUAGE sql IMMUTABLE AS $function$
  SELECT hashtextextended(p_view || ' ' || p_version || '.' || p_generation || ' ' || length(p_tenant) || ' ' || p_tenant || p_key, 0)
$function$;

CREATE FUNCTION ${sql}.lock_rows(
  p_highest_lock bigint, p_views text[], p_versions integer[], p_generations integer[],
  p_tables integer[], p_tenants text[], p_keys text[]
) RETURNS bigint LANGUAGE plpgsql AS $function$
DECLARE
  v_locks bigint[] := ARRAY(
    SELECT DISTINCT ${sql}.row_lock(p_views[u.t], p_versions[u.t], p_generations[u.t], u.tenant, u.key) AS lock
    FROM unnest(p_tables, p_tenants, p_keys) AS u (t, tenant, key) ORDER BY lock);
BEGIN
  IF v_locks[1] <= p_highest_lock THEN
    PERFORM FROM unnest(v_locks) AS l (lock) WHERE lock <= p_highest_lock AND NOT pg_try_advisory_xact_lock(lock);
    IF FOUND THEN RAISE EXCEPTION 'another transaction holds a row' USING ERRCODE = '${outOfOrderState}'; END IF;
  END IF;
  PERFORM pg_advisory_xact_lock(lock) FROM unnest(v_locks) AS l (lock) WHERE p_highest_lock IS NULL OR lock > p_highest_lock;
  RETURN greatest(p_highest_lock, v_locks[cardinality(v_locks)]);
END
$function$;

CREATE FUNCTION ${sql}.read_rows_locked(
  p_highest_lock bigint, p_view text, p_version integer, p_generation integer, p_tenants text[], p_keys text[],
  OUT highest_lock text, OUT ordinals bigint[], OUT data bytea[]
) LANGUAGE plpgsql AS $function$
BEGIN
  highest_lock := ${sql}.lock_rows(p_highest_lock, ARRAY[p_view], ARRAY[p_version], ARRAY[p_generation],
    array_fill(1, ARRAY[cardinality(p_keys)]), p_tenants, p_keys);
  SELECT array_agg(u.n), array_agg(r.data) INTO ordinals, read_rows_locked.data
  FROM unnest(p_tenants, p_keys) WITH ORDINALITY AS u (tenant, key, n)
  JOIN ${sql}.rows r ON r.view = p_view AND r.version = p_version AND r.generation = p_generation
    AND r.tenant = u.tenant AND r.key = u.key;
END
$function$;

CREATE FUNCTION ${sql}.write_rows(
  p_lock boolean, p_highest_lock bigint, p_views text[], p_versions integer[], p_generations integer[],
  p_tables integer[], p_tenants text[], p_keys text[], p_data bytea[], p_fields text[]
) RETURNS void LANGUAGE plpgsql AS $function$
BEGIN
  IF p_lock THEN
    PERFORM ${sql}.lock_rows(p_highest_lock, p_views, p_versions, p_generations, p_tables, p_tenants, p_keys);
  END IF;
  INSERT INTO ${sql}.rows (view, version, generation, tenant, key, data, fields)
  SELECT p_views[u.t], p_versions[u.t], p_generations[u.t], u.tenant, u.key, u.data, u.fields::jsonb
  FROM unnest(p_tables, p_tenants, p_keys, p_data, p_fields) AS u (t, tenant, key, data, fields)
  WHERE u.data IS NOT NULL
  ORDER BY u.t, u.tenant, u.key
  ON CONFLICT (view, version, generation, tenant, key) DO UPDATE SET data = excluded.data, fields = excluded.fields;
  IF array_position(p_data, NULL) IS NOT NULL THEN
    DELETE FROM ${sql}.rows r
    USING unnest(p_tables, p_tenants, p_keys, p_data) AS u (t, tenant, key, data)
    WHERE u.data IS NULL AND r.view = p_views[u.t] AND r.version = p_versions[u.t]
      AND r.generation = p_generations[u.t] AND r.tenant = u.tenant AND r.key = u.key;
  END IF;
END
$function$;`;
}
