import type { SqlRow } from "../../sql/index.js";

/** Settings without which a server may forget what it said was done. */
const expected = {
  fsync: "after a crash the whole database may be lost",
  full_page_writes: "after a crash the database may be damaged",
  synchronous_commit: "after a crash appends that were answered may be missing",
};

/** The columns that tell. */
export const durabilityColumns: string = Object.keys(expected)
  .map((name) => `current_setting('${name}') AS ${name}`)
  .join(", ");

/** What a row with these columns gives reason to warn of. */
export function findWarnings(row: SqlRow): readonly string[] {
  return Object.entries(expected)
    .filter(([name]) => row[name] === "off")
    .map(([name, danger]) => `${name} is off: ${danger}`);
}
