import { PotterError } from "../../errors/index.js";
import type { DueRow, DueRows, RowCondition, RowTable, RowValue } from "../ports/index.js";
import { type RowFields, readFields } from "./row-fields.js";

/** The name under which rows of every table store the time at which they are due: no field of a proto can have it. */
export const dueField = "@due";

/**
 * The fields of a row as they are stored: the one with the time at which it is due has the name that it has in all tables, so that
 * they share an index.
 */
export function toStoredFields({ name, codec, due }: RowTable, row: unknown): RowFields {
  const fields = readFields(codec, row);
  if (due === undefined) return fields;
  const value = fields.get(due);
  if (value === undefined) return fields;
  const time = Number(value);
  if (typeof value === "string" || typeof value === "boolean" || !Number.isSafeInteger(time) || time < 0) {
    throw new PotterError("invalid_argument", `${due} of a row of ${name} must be milliseconds since 1970, or 0`);
  }
  const stored = new Map<string, RowValue>(fields);
  stored.delete(due);
  return stored.set(dueField, value);
}

/** Conditions by the names under which fields are stored. */
export function toStoredConditions({ due }: RowTable, conditions: readonly RowCondition[]): readonly RowCondition[] {
  if (due === undefined) return conditions;
  return conditions.map((one) => (one.field === due ? { ...one, field: dueField } : one));
}

/** When a row is due, in milliseconds since 1970; undefined: never. */
export function dueOf(fields: RowFields): number | undefined {
  const due = Number(fields.get(dueField) ?? 0);
  return due > 0 ? due : undefined;
}

/** Of each table up to `limit` rows that are due and the next one: the first of all. */
export function splitDue(now: number, found: readonly DueRow[], limit: number): DueRows {
  const ordered = [...found].sort((one, other) => one.due - other.due);
  const late = ordered.findIndex(({ due }) => due > now);
  const rows = ordered.slice(0, Math.min(limit, late === -1 ? ordered.length : late));
  const next = ordered[rows.length]?.due;
  return { now, rows, ...(next !== undefined && { next }) };
}
