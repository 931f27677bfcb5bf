import type { Schema } from "../../driver/index.js";

/** Reservations of commands: rows without a response, with a holder and an expiry. */
export function commandReservations({ sql }: Schema): string {
  return `
ALTER TABLE ${sql}.commands
  ALTER COLUMN response DROP NOT NULL,
  ADD COLUMN holder uuid,
  ADD COLUMN held_until timestamptz;`;
}
