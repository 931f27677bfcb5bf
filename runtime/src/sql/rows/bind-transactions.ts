import type { TenantCommand } from "../../store/rows/index.js";
import { SqlArray, type SqlElement, type SqlValue } from "../driver/index.js";
import { escapeNul, toJsonObject } from "../values/index.js";
import type { Prepared } from "./row-readers.js";
import { toContents, toPlaces, toTable } from "./row-values.js";

/** What a transaction without appends writes. */
export interface RowWrite extends Prepared {
  readonly records: readonly TenantCommand[];
}

/** Parameters of a statement. */
interface Bound {
  /** Whether those of commands to record are among them, as the last. */
  readonly isRecording: boolean;
  readonly values: SqlValue[];
}

/**
 * The statement for a transaction that changes one row, has read no other, and records at most one command. undefined: only `transact_rows`
 * can do it.
 */
export function bindOne({
  rows,
  records,
}: RowWrite): (Bound & { readonly way: "update" | "create" | "put" }) | undefined {
  const [used, ...more] = rows;
  const row = used?.change?.row;
  if (used === undefined || row === undefined || more.length > 0 || records.length > 1) return undefined;
  const { table, tenant, key, read } = used;
  const [recorded] = records;
  const values: SqlValue[] = [
    ...toTable(table),
    escapeNul(tenant),
    escapeNul(key),
    row.bytes,
    toJsonObject(row.fields),
  ];
  if (read?.bytes !== undefined) values.push(read.bytes);
  if (recorded !== undefined) values.push(...toRecord(recorded));
  const way = read === undefined ? "put" : read.bytes === undefined ? "create" : "update";
  return { way, isRecording: recorded !== undefined, values };
}

/** Parameters of `transact_rows`, and of the commands to record. */
export function bindTransactions(group: readonly RowWrite[]): Bound {
  const records = group.flatMap((one) => one.records);
  const isRecording = records.length > 0;
  return { isRecording, values: [...bindRows(group), ...(isRecording ? toRecordColumns(records) : [])] };
}

function bindRows(group: readonly RowWrite[]): SqlValue[] {
  const rows = group.flatMap((one) => one.rows);
  const [views, versions, generations, ...places] = toPlaces(rows) as [SqlValue, SqlValue, SqlValue, ...SqlValue[]];
  const owners = group.flatMap((one, i) => one.rows.map(() => i + 1));
  const [data, fields] = toContents(rows.map(({ change }) => ({ row: change?.row })));
  return [
    views,
    versions,
    generations,
    new SqlArray("int4", owners),
    ...places,
    column("boolean", rows, ({ read }) => read !== undefined),
    column("bytea", rows, ({ read }) => read?.bytes ?? null),
    column("boolean", rows, ({ change }) => change !== undefined),
    data,
    fields,
  ];
}

function toRecordColumns(records: readonly TenantCommand[]): SqlValue[] {
  const values = records.map(toRecord);
  return [
    column("text", values, ([tenant]) => tenant),
    column("text", values, ([, id]) => id),
    column("text", values, ([, , hash]) => hash),
    column("bytea", values, ([, , , response]) => response),
  ];
}

function toRecord({ tenant, command }: TenantCommand): [string, string, string, Uint8Array] {
  return [escapeNul(tenant), escapeNul(command.id), command.requestHash, command.response];
}

function column<T>(
  element: SqlElement,
  values: readonly T[],
  toValue: (value: T) => SqlArray["values"][number],
): SqlArray {
  return new SqlArray(element, values.map(toValue));
}
