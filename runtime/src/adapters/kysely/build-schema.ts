import { PotterError } from "../../errors/index.js";
import { fingerprint } from "../../message/index.js";
import type { ProjectionBuildId } from "../../store/ports/index.js";

/** Maximum length of a name; PostgreSQL truncates longer ones silently. */
const maxLength = 63;

/**
 * Name of the schema of a build: `potter_orders_v2`, with `_g3` for the third build of the version. A longer name is
 * cut and ends in a hash of the whole name.
 */
export function toSchemaName(
  storeSchema: string,
  name: string,
  { version, generation }: Omit<ProjectionBuildId, "name">,
): string {
  const full = `${storeSchema}_${name}_v${version}${generation > 1 ? `_g${generation}` : ""}`;
  if (full.length <= maxLength) return full;
  const hash = fingerprint(new TextEncoder().encode(full)).slice(0, 12);
  return `${full.slice(0, maxLength - 1 - hash.length)}_${hash}`;
}

/** Checks the name of a projection, which becomes part of the names of its schemas. */
export function checkName(name: string): void {
  if (/^[a-z_][a-z0-9_]*$/.test(name)) return;
  throw new PotterError(
    "invalid_argument",
    `${JSON.stringify(name)} cannot be the name of a projection in SQL: expected lower-case letters, digits and _, not beginning with a digit`,
  );
}
