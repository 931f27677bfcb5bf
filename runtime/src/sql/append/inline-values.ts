import { streamMapKey } from "../../store/events/index.js";
import { SqlArray, type SqlValue } from "../driver/index.js";
import { toPlaces } from "../rows/index.js";
import { escapeNul, toJsonObject } from "../values/index.js";
import { bindGroup, bindOne, isSingle } from "./append-values.js";
import type { EarlyAppend } from "./early-append.js";
import type { Prepared } from "./early-run.js";
import { toKeyColumns } from "./key-columns.js";

/** Parameters of `append_one_with_row`. undefined: only `append_with_rows` can do the append. */
export function bindOneWithRow({ appends, rows, keys }: Prepared): SqlValue[] | undefined {
  const [row] = rows;
  const put = row?.change?.row;
  const [{ append, readTime }] = appends as readonly [EarlyAppend];
  if (row === undefined || put === undefined || rows.length > 1 || keys.length > 1) return undefined;
  if (appends.length > 1 || !isSingle(append)) return undefined;
  const { table, tenant, key, read } = row;
  const [made] = keys;
  return [
    ...bindOne(append),
    readTime ?? null,
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

/** Parameters of `append_units`. */
export function bindUnits(group: readonly Prepared[], together: boolean): SqlValue[] {
  const all = group.flatMap(({ appends }) => appends);
  const appends = all.map(({ append }) => append);
  const [, ...values] = bindGroup(appends, { wait: false, together });
  return [...values, bindTimes(all), ...bindKeys(group), ...bindRows(group), ...bindMembers(group)];
}

function bindTimes(appends: readonly EarlyAppend[]): SqlValue {
  if (appends.every(({ readTime }) => readTime === undefined)) return null;
  return new SqlArray(
    "int8",
    appends.map(({ readTime }) => readTime ?? null),
  );
}

/** Which appends belong together, and which follow another one to their stream. NULL: none do. */
function bindMembers(group: readonly Prepared[]): SqlValue[] {
  if (group.every(({ appends }) => appends.length === 1)) return [null, null];
  const units = group.flatMap(({ appends }, i) => appends.map(() => i + 1));
  const follow = group.flatMap(({ appends }) => {
    const streams = new Set<string>();
    return appends.map(({ append }) => {
      const { size } = streams;
      return streams.add(streamMapKey(append.append.stream)).size === size;
    });
  });
  return [new SqlArray("int4", units), new SqlArray("boolean", follow)];
}

/** The number of the first append of each, from 1: what belongs to all of them belongs to it. */
function ownersOf(group: readonly Prepared[]): readonly number[] {
  let next = 1;
  return group.map(({ appends }) => {
    next += appends.length;
    return next - appends.length;
  });
}

function bindKeys(group: readonly Prepared[]): SqlValue[] {
  const keys = group.flatMap((prepared) => prepared.keys);
  if (keys.length === 0) return new Array<null>(5).fill(null);
  const owners = ownersOf(group);
  return [
    new SqlArray(
      "int4",
      group.flatMap((prepared, i) => prepared.keys.map(() => owners[i] as number)),
    ),
    ...toKeyColumns(keys),
  ];
}

function bindRows(group: readonly Prepared[]): SqlValue[] {
  const rows = group.flatMap((prepared) => prepared.rows);
  if (rows.length === 0) return new Array<null>(12).fill(null);
  const [views, versions, generations, ...places] = toPlaces(rows) as [SqlValue, SqlValue, SqlValue, ...SqlValue[]];
  const first = ownersOf(group);
  const owners = group.flatMap((prepared, i) => prepared.rows.map(() => first[i] as number));
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
