import type { Schema } from "./schema.js";

/**
 * The functions by which a transaction reads a row for itself alone, and writes all that it changed at once.
 *
 * A transaction that has read a row holds the row's lock until it ends, also when there is no such row yet; and
 * the writes take the same locks, in one order. So of two appends that change one row inline, the second sees
 * what the first has written. Moves of a checkpoint need no locks: the checkpoint itself lets in one at a time.
 */
export function writeRowsFunctions({ sql }: Schema): string {
  return `
CREATE FUNCTION ${sql}.row_lock(p_view text, p_version integer, p_tenant text, p_key text)
RETURNS bigint LANGUAGE sql IMMUTABLE AS $function$
  SELECT hashtextextended(p_view || ' ' || p_version || ' ' || length(p_tenant) || ' ' || p_tenant || p_key, 0)
$function$;

CREATE FUNCTION ${sql}.claim_row(p_view text, p_version integer, p_tenant text, p_key text)
RETURNS TABLE (data bytea) LANGUAGE plpgsql AS $function$
BEGIN
  PERFORM pg_advisory_xact_lock(${sql}.row_lock(p_view, p_version, p_tenant, p_key));
  RETURN QUERY SELECT r.data FROM ${sql}.rows r
    WHERE r.view = p_view AND r.version = p_version AND r.tenant = p_tenant AND r.key = p_key;
END
$function$;

CREATE FUNCTION ${sql}.write_rows(
  p_claim boolean, p_views text[], p_versions integer[], p_tenants text[], p_keys text[], p_data bytea[], p_fields text[]
) RETURNS void LANGUAGE plpgsql AS $function$
BEGIN
  IF p_claim THEN
    PERFORM pg_advisory_xact_lock(l.key) FROM (
      SELECT DISTINCT ${sql}.row_lock(u.view, u.version, u.tenant, u.key) AS key
      FROM unnest(p_views, p_versions, p_tenants, p_keys) AS u (view, version, tenant, key)
      ORDER BY key
    ) l;
  END IF;
  INSERT INTO ${sql}.rows (view, version, tenant, key, data, fields)
  SELECT u.view, u.version, u.tenant, u.key, u.data, u.fields::jsonb
  FROM unnest(p_views, p_versions, p_tenants, p_keys, p_data, p_fields) AS u (view, version, tenant, key, data, fields)
  WHERE u.data IS NOT NULL
  ORDER BY u.view, u.version, u.tenant, u.key
  ON CONFLICT (view, version, tenant, key) DO UPDATE SET data = excluded.data, fields = excluded.fields;
  IF array_position(p_data, NULL) IS NOT NULL THEN
    DELETE FROM ${sql}.rows r
    USING unnest(p_views, p_versions, p_tenants, p_keys, p_data) AS u (view, version, tenant, key, data)
    WHERE u.data IS NULL AND r.view = u.view AND r.version = u.version AND r.tenant = u.tenant AND r.key = u.key;
  END IF;
END
$function$;`;
}
