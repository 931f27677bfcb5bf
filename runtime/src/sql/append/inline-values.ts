import { SqlArray, type SqlValue } from "../driver/index.js";
import { toPlaces } from "../rows/index.js";
import { escapeNul, toJsonObject } from "../values/index.js";
import { bindGroup, bindOne, isSingle } from "./append-values.js";
import type { Prepared } from "./early-run.js";
import { toKeyColumns } from "./key-columns.js";

/** Parameters of `append_one_with_row`. undefined: only `append_with_rows` can do the append. */
export function bindOneWithRow({ append, rows, keys, at }: Prepared): SqlValue[] | undefined {
  const [row] = rows;
  const put = row?.change?.row;
  if (row === undefined || put === undefined || rows.length > 1 || keys.length > 1 || !isSingle(append))
    return undefined;
  const { table, tenant, key, read } = row;
  const [made] = keys;
  return [
    ...bindOne(append),
    at ?? null,
    made === undefined ? null : escapeNul(made.tenant),
    made === undefined ? null : escapeNul(made.subject),
    made?.wrapped.key ?? null,
    made === undefined ? null : escapeNul(made.wrapped.wrappedBy),
    table.name,
    table.version,
    table.generation ?? 1,
    escapeNul(tenant),
    escapeNul(key),
    read !== undefined,
    read?.bytes ?? null,
    put.bytes,
    toJsonObject(put.fields),
  ];
}

/** Parameters of `append_with_rows`. */
export function bindWithRows(group: readonly Prepared[], together: boolean): SqlValue[] {
  const appends = group.map(({ append }) => append);
  const [, ...values] = bindGroup(appends, { wait: false, together });
  return [...values, bindTimes(group), ...bindKeys(group), ...bindRows(group)];
}

function bindTimes(group: readonly Prepared[]): SqlValue {
  if (group.every(({ at }) => at === undefined)) return null;
  return new SqlArray(
    "int8",
    group.map(({ at }) => at ?? null),
  );
}

function bindKeys(group: readonly Prepared[]): SqlValue[] {
  const keys = group.flatMap((prepared) => prepared.keys);
  if (keys.length === 0) return new Array<null>(5).fill(null);
  return [
    new SqlArray(
      "int4",
      group.flatMap((prepared, i) => prepared.keys.map(() => i + 1)),
    ),
    ...toKeyColumns(keys),
  ];
}

function bindRows(group: readonly Prepared[]): SqlValue[] {
  const rows = group.flatMap((prepared) => prepared.rows);
  if (rows.length === 0) return new Array<null>(12).fill(null);
  const [views, versions, generations, ...places] = toPlaces(rows) as [SqlValue, SqlValue, SqlValue, ...SqlValue[]];
  const owners = group.flatMap((prepared, i) => prepared.rows.map(() => i + 1));
  return [
    views,
    versions,
    generations,
    new SqlArray("int4", owners),
    ...places,
    new SqlArray(
      "boolean",
      rows.map(({ read }) => read !== undefined),
    ),
    new SqlArray(
      "bytea",
      rows.map(({ read }) => read?.bytes ?? null),
    ),
    new SqlArray(
      "boolean",
      rows.map(({ change }) => change !== undefined),
    ),
    new SqlArray(
      "bytea",
      rows.map(({ change }) => change?.row?.bytes ?? null),
    ),
    new SqlArray(
      "text",
      rows.map(({ change }) => (change?.row === undefined ? null : toJsonObject(change.row.fields))),
    ),
  ];
}
