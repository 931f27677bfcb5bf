import type { Schema } from "../../driver/index.js";

/** Commands that are about to be carried out: without a response, and held by somebody for a time. */
export function commandReservations({ sql }: Schema): string {
  return `
ALTER TABLE ${sql}.commands
  ALTER COLUMN response DROP NOT NULL,
  ADD COLUMN holder uuid,
  ADD COLUMN held_until timestamptz;`;
}
