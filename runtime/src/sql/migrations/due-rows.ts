import { dueField } from "../../store/rows/index.js";
import type { Schema } from "../driver/index.js";
import { transactRowsFunction } from "./functions/transact-rows.js";

/**
 * An index of the rows that are due at some time, and the function that writes rows without an append. Of a large table the index may be
 * built before, by `CREATE INDEX CONCURRENTLY`, which is not possible in the transaction of a migration.
 */
export function dueRows(schema: Schema): string {
  const { sql } = schema;
  const due = `(fields ->> '${dueField}')::bigint`;
  return `
CREATE INDEX IF NOT EXISTS rows_due ON ${sql}.rows (view, version, generation, (${due})) WHERE ${due} > 0;
${transactRowsFunction(schema)}`;
}
