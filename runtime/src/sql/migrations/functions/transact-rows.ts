import type { Schema } from "../../driver/index.js";

/**
 * Writes rows for several callers, each on condition that the rows that it has read are unchanged. Returns the numbers of the
 * callers that have lost: nothing of theirs was written.
 *
 * It takes the same locks of rows as `append_with_rows`, and waits for none: a row that is locked is about to change. Rows are
 * compared after they are locked, by a statement of its own, which sees what their last holder has committed.
 *
 * Statements are planned once per connection. So rows are looked up one by one, by their key: a join, planned for an empty table,
 * would keep scanning all of it.
 */
export function transactRowsFunction({ sql }: Schema): string {
  const rowLock = `hashtextextended(p_views[u.t] || ' ' || p_versions[u.t]::text || '.' || p_generations[u.t]::text
        || ' ' || length(u.tenant)::text || ' ' || u.tenant || u.key, 0)`;
  return `
CREATE FUNCTION ${sql}.transact_rows(
  p_views text[], p_versions integer[], p_generations integer[],
  p_owners integer[], p_tables integer[], p_tenants text[], p_keys text[],
  p_read boolean[], p_before bytea[], p_changed boolean[], p_after bytea[], p_fields text[],
  OUT lost integer[]
) LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan AS $function$
DECLARE
  v_n integer;
BEGIN
  SELECT coalesce(array_agg(DISTINCT u.owner), '{}') INTO lost
  FROM unnest(p_owners, p_tables, p_tenants, p_keys, p_changed) AS u (owner, t, tenant, key, changed)
  WHERE NOT CASE
    WHEN u.changed THEN pg_try_advisory_xact_lock(${rowLock})
    ELSE pg_try_advisory_xact_lock_shared(${rowLock})
  END;
  SELECT lost || coalesce(array_agg(DISTINCT u.owner), '{}') INTO lost
  FROM unnest(p_owners, p_tables, p_tenants, p_keys, p_read, p_before) AS u (owner, t, tenant, key, read, before)
  WHERE u.read AND u.owner <> ALL (lost)
    AND (SELECT r.data FROM ${sql}.rows r WHERE r.view = p_views[u.t] AND r.version = p_versions[u.t]
      AND r.generation = p_generations[u.t] AND r.tenant = u.tenant AND r.key = u.key) IS DISTINCT FROM u.before;
  INSERT INTO ${sql}.rows (view, version, generation, tenant, key, data, fields)
  SELECT p_views[u.t], p_versions[u.t], p_generations[u.t], u.tenant, u.key, u.data, u.fields::jsonb
  FROM unnest(p_owners, p_tables, p_tenants, p_keys, p_after, p_fields) AS u (owner, t, tenant, key, data, fields)
  WHERE u.data IS NOT NULL AND u.owner <> ALL (lost)
  ORDER BY u.t, u.tenant, u.key
  ON CONFLICT (view, version, generation, tenant, key) DO UPDATE SET data = excluded.data, fields = excluded.fields;
  FOR v_n IN SELECT u.n FROM unnest(p_owners, p_changed, p_after) WITH ORDINALITY AS u (owner, changed, data, n)
    WHERE u.changed AND u.data IS NULL AND u.owner <> ALL (lost)
  LOOP
    DELETE FROM ${sql}.rows r WHERE r.view = p_views[p_tables[v_n]] AND r.version = p_versions[p_tables[v_n]]
      AND r.generation = p_generations[p_tables[v_n]] AND r.tenant = p_tenants[v_n] AND r.key = p_keys[v_n];
  END LOOP;
END
$function$;`;
}
