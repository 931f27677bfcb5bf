import type { RowKey, RowTable } from "../../store/ports/index.js";
import { type RowChange, type RowPlace, tableId } from "../../store/rows/index.js";
import { SqlArray, type SqlValue } from "../driver/index.js";
import { escapeNul, toJsonObject } from "../values/index.js";

/** Parameters for rows of several tables, each table listed once. */
export function toPlaces(rows: readonly RowPlace[]): SqlValue[] {
  const tables = new Map<string, { readonly index: number; readonly table: RowTable }>();
  const indexes = rows.map(({ table }) => {
    const id = tableId(table);
    const known = tables.get(id) ?? { index: tables.size + 1, table };
    tables.set(id, known);
    return known.index;
  });
  return [...toTables([...tables.values()].map(({ table }) => table)), new SqlArray("int4", indexes), ...toKeys(rows)];
}

/** Parameters for tables: name, version and generation of each. */
export function toTables(tables: readonly RowTable[]): [SqlArray, SqlArray, SqlArray] {
  const named = tables.map(toTable);
  return [
    new SqlArray(
      "text",
      named.map(([name]) => name),
    ),
    new SqlArray(
      "int4",
      named.map(([, version]) => version),
    ),
    new SqlArray(
      "int4",
      named.map(([, , generation]) => generation),
    ),
  ];
}

/** Parameters for what is stored in rows: data and fields, null for those that are deleted. */
export function toContents(changes: readonly Pick<RowChange, "row">[]): [SqlArray, SqlArray] {
  return [
    new SqlArray(
      "bytea",
      changes.map(({ row }) => row?.bytes ?? null),
    ),
    new SqlArray(
      "text",
      changes.map(({ row }) => (row === undefined ? null : toJsonObject(row.fields))),
    ),
  ];
}

export function toKeys(keys: readonly RowKey[]): [SqlArray, SqlArray] {
  return [
    new SqlArray(
      "text",
      keys.map(({ tenant }) => escapeNul(tenant)),
    ),
    new SqlArray(
      "text",
      keys.map(({ key }) => escapeNul(key)),
    ),
  ];
}

export function toTable({ name, version, generation = 1 }: RowTable): [string, number, number] {
  return [name, version, generation];
}
