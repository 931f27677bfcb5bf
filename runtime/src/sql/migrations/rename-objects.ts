import type { Schema } from "../driver/index.js";
import { appendGroupFunction } from "./functions/append-group.js";
import { writeRowsFunctions } from "./functions/write-rows.js";
import { writeStateFunction } from "./functions/write-state.js";

/**
 * Renames tables and columns to the terms of the field, and replaces the functions whose text or parameters name them. Data
 * stays where it is: a rename changes the catalog only. Functions are dropped since PostgreSQL cannot rename parameters.
 */
export function renameObjects(schema: Schema): string {
  const { sql } = schema;
  const replaced = ["append_group", "claim_rows", "write_rows", "lock_rows", "row_lock", "write_state"];
  return `
ALTER TABLE ${sql}.commands RENAME COLUMN holder TO reserved_by;
ALTER TABLE ${sql}.commands RENAME COLUMN held_until TO reserved_until;
ALTER TABLE ${sql}.claims RENAME TO unique_values;
ALTER INDEX ${sql}.claims_pkey RENAME TO unique_values_pkey;
ALTER INDEX ${sql}.claims_by_subject RENAME TO unique_values_by_subject;
ALTER TABLE ${sql}.skips RENAME TO position_gaps;
ALTER INDEX ${sql}.skips_pkey RENAME TO position_gaps_pkey;
COMMENT ON TABLE ${sql}.position_gaps IS 'positions drawn by appends that rolled back: no event can ever have one of them';
ALTER TABLE ${sql}.settled RENAME TO high_water_mark;
ALTER INDEX ${sql}.settled_pkey RENAME TO high_water_mark_pkey;
ALTER TABLE ${sql}.high_water_mark RENAME CONSTRAINT settled_one_check TO high_water_mark_one_check;
COMMENT ON TABLE ${sql}.high_water_mark IS 'no event can still appear at or below this position; updated every few thousand positions';
ALTER TABLE ${sql}.subject_keys RENAME COLUMN forgotten_at TO erased_at;
${replaced.map((name) => `DROP FUNCTION IF EXISTS ${sql}.${name};`).join("\n")}
${appendGroupFunction(schema)}
${writeRowsFunctions(schema)}
${writeStateFunction(schema)}`;
}
