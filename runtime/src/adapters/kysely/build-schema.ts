import { PotterError } from "../../errors/index.js";
import { fingerprint } from "../../message/index.js";
import type { ProjectionBuildId } from "../../store/ports/index.js";

/** What PostgreSQL keeps of a name; it cuts off the rest without a word. */
const maxLength = 63;

/**
 * The schema that the tables of a build are in: `potter_orders_v2`, with `_g3` for the third build of the version. A name
 * that is too long ends in a hash of all of it.
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
