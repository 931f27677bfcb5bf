import type { Schema } from "./schema.js";

/**
 * The functions by which a transaction reads rows for itself alone, and writes all that it changed at once.
 *
 * A transaction that has read a row holds the row's lock until it ends, also when there is no such row yet; and
 * the writes take the same locks, in one order. So of two appends that change one row inline, the second sees
 * what the first has written. The same for two shards of a projection. Moves of a projection in one shard need no
 * locks: the checkpoint itself lets in one at a time. Those who write rows of several tables name them in one order.
 */
export function writeRowsFunctions({ sql }: Schema): string {
  return `
CREATE FUNCTION ${sql}.row_lock(p_view text, p_version integer, p_generation integer, p_tenant text, p_key text)
RETURNS bigint LANGUAGE sql IMMUTABLE AS $function$
  SELECT hashtextextended(p_view || ' ' || p_version || '.' || p_generation || ' ' || length(p_tenant) || ' ' || p_tenant || p_key, 0)
$function$;

CREATE FUNCTION ${sql}.claim_rows(p_view text, p_version integer, p_generation integer, p_tenants text[], p_keys text[])
RETURNS TABLE (n bigint, data bytea) LANGUAGE plpgsql AS $function$
BEGIN
  PERFORM pg_advisory_xact_lock(l.key) FROM (
    SELECT DISTINCT ${sql}.row_lock(p_view, p_version, p_generation, u.tenant, u.key) AS key
    FROM unnest(p_tenants, p_keys) AS u (tenant, key)
    ORDER BY key
  ) l;
  RETURN QUERY SELECT u.n, r.data FROM unnest(p_tenants, p_keys) WITH ORDINALITY AS u (tenant, key, n)
    JOIN ${sql}.rows r ON r.view = p_view AND r.version = p_version AND r.generation = p_generation
      AND r.tenant = u.tenant AND r.key = u.key;
END
$function$;

CREATE FUNCTION ${sql}.write_rows(
  p_claim boolean, p_views text[], p_versions integer[], p_generations integer[],
  p_tables integer[], p_tenants text[], p_keys text[], p_data bytea[], p_fields text[]
) RETURNS void LANGUAGE plpgsql AS $function$
BEGIN
  IF p_claim THEN
    PERFORM pg_advisory_xact_lock(l.key) FROM (
      SELECT DISTINCT ${sql}.row_lock(p_views[u.t], p_versions[u.t], p_generations[u.t], u.tenant, u.key) AS key
      FROM unnest(p_tables, p_tenants, p_keys) AS u (t, tenant, key)
      ORDER BY key
    ) l;
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
