import type { SqlRow } from "../../sql/index.js";

/** Settings without which acknowledged writes can be lost, and the danger of each. */
const expected = {
  fsync: "after a crash the whole database may be lost",
  full_page_writes: "after a crash the database may be damaged",
  synchronous_commit: "after a crash appends that were answered may be missing",
};

/** Columns that read these settings. */
export const durabilityColumns: string = Object.keys(expected)
  .map((name) => `current_setting('${name}') AS ${name}`)
  .join(", ");

/** Warnings for a row with these columns. */
export function findWarnings(row: SqlRow): readonly string[] {
  return Object.entries(expected)
    .filter(([name]) => row[name] === "off")
    .map(([name, danger]) => `${name} is off: ${danger}`);
}
