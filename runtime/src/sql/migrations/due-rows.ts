import { dueField } from "../../store/rows/index.js";
import type { Schema } from "../driver/index.js";
import { transactRowsFunction } from "./functions/transact-rows.js";

/** An index of the rows that are due at some time, and the function that writes rows without an append. */
export function dueRows(schema: Schema): string {
  const { sql } = schema;
  const due = `(fields ->> '${dueField}')::bigint`;
  return `
CREATE INDEX rows_due ON ${sql}.rows (view, version, generation, (${due})) WHERE ${due} > 0;
${transactRowsFunction(schema)}`;
}
