import { isPotterError } from "../../errors/index.js";
import type { AppendingTransaction } from "../../store/ports/index.js";
import { type RowPlace, RowReads, RowTransactor, type UsedRow } from "../../store/rows/index.js";
import {
  isLockTimeout,
  retryTransient,
  type Schema,
  SqlArray,
  type SqlDriver,
  type SqlValue,
} from "../driver/index.js";
import { GroupCommit, type Settled } from "../groups/index.js";
import { escapeNul, toJsonObject } from "../values/index.js";
import { AppendingRows, type RowAppends } from "./appending-rows.js";
import { EarlyRows } from "./early-rows.js";
import type { RecentRows } from "./recent-rows.js";
import { type Prepared, RowReaders } from "./row-readers.js";
import { toContents, toPlaces, toTable } from "./row-values.js";

/** How transactions read rows. */
export interface RowSource {
  /** undefined: transactions cannot append. */
  readonly appends: RowAppends | undefined;
  readonly recent: RecentRows;
  /** Reads rows, together with those of other callers. */
  readShared(rows: readonly RowPlace[]): Promise<readonly (Uint8Array | undefined)[]>;
}

const ofRow = "view = $1 AND version = $2 AND generation = $3 AND tenant = $4 AND key = $5";
/** The same as `row_lock`, which PostgreSQL does not inline. Evaluated once, before the table is read. */
const locked = `(SELECT pg_try_advisory_xact_lock(hashtextextended($1::text || ' ' || $2::integer::text || '.' || $3::integer::text
  || ' ' || length($4::text)::text || ' ' || $4::text || $5::text, 0)))`;

/**
 * Transactions over rows. Without an append, one statement writes what changes, on condition that all rows are as they were read.
 * It takes the locks that appends with rows take, but waits for none. Concurrent transactions share statements. Sent once only:
 * if the connection is lost, the caller has to find out whether it was written.
 */
export class SqlRowTransactions {
  private readonly driver: SqlDriver;
  private readonly source: RowSource;
  private readonly sql: Readonly<Record<"update" | "create" | "put" | "all", string>>;
  private readonly group: GroupCommit<Prepared, boolean>;
  private readonly readers = new RowReaders();
  private readonly transactor: RowTransactor<unknown>;

  constructor(driver: SqlDriver, { sql }: Schema, source: RowSource) {
    this.driver = driver;
    this.source = source;
    const insert = `INSERT INTO ${sql}.rows (view, version, generation, tenant, key, data, fields)
      SELECT $1, $2, $3, $4, $5, $6, $7::jsonb WHERE ${locked} ON CONFLICT`;
    this.sql = {
      update: `UPDATE ${sql}.rows SET data = $6, fields = $7::jsonb WHERE ${ofRow} AND data = $8 AND ${locked} RETURNING 1 AS done`,
      create: `${insert} DO NOTHING RETURNING 1 AS done`,
      put: `${insert} (view, version, generation, tenant, key) DO UPDATE SET data = excluded.data, fields = excluded.fields
        RETURNING 1 AS done`,
      all: `SELECT lost FROM ${sql}.transact_rows(${Array.from({ length: 12 }, (_, i) => `$${i + 1}`).join(", ")})`,
    };
    this.group = new GroupCommit((group) => this.send(group), keysOf, {
      sizeOf,
      sharedKeysOf,
      patience: driver.patience,
      gather: driver.blocks,
    });
    this.transactor = new RowTransactor({
      begin: (check, isAgain) => {
        const read: RowReads["read"] = (table, keys) => source.readShared(keys.map((key) => ({ ...key, table })));
        const reads = new RowReads(read, check, isAgain ? undefined : source.recent.recall);
        if (isAgain || source.appends === undefined) return { rows: new EarlyRows(reads), reads };
        const rows = new AppendingRows(reads, source.appends);
        return { rows, reads, appends: rows.appends };
      },
      commit: (rows, appends) =>
        appends.length > 0 && source.appends !== undefined ? source.appends.commit(appends, rows) : this.commit(rows),
    });
  }

  run<T>(apply: (rows: AppendingTransaction) => Promise<T>): Promise<T> {
    return this.transactor.run(apply);
  }

  private async commit(rows: readonly UsedRow[]): Promise<boolean> {
    const { recent } = this.source;
    const prepared = { rows, isStale: false };
    try {
      const isWritten = await this.readers.during(prepared, () => this.group.run(prepared), Boolean);
      if (isWritten) recent.written(rows);
      else recent.forget(rows.map(({ name }) => name));
      return isWritten;
    } catch (error) {
      recent.forget(rows.map(({ name }) => name));
      throw error;
    }
  }

  /** An error of one transaction must not fail the others. */
  private async send(group: readonly Prepared[]): Promise<readonly Settled<boolean>[]> {
    const current = group.filter(({ isStale }) => !isStale);
    const settled = current.length === 0 ? [] : await this.sendAll(current);
    let next = 0;
    return group.map(({ isStale }) => (isStale ? { result: false } : (settled[next++] as Settled<boolean>)));
  }

  private async sendAll(group: readonly Prepared[]): Promise<readonly Settled<boolean>[]> {
    try {
      return await retryTransient(() => this.call(group));
    } catch (error) {
      if (group.length === 1) return [isLockTimeout(error) ? { result: false } : { error }];
      // The outcome of a call is unknown if the connection broke; after any other failure it had no effect.
      if (isPotterError(error) && error.code === "unavailable") return group.map(() => ({ error }));
      return (await Promise.all(group.map((one) => this.sendAll([one])))).flat();
    }
  }

  private async call(group: readonly Prepared[]): Promise<readonly Settled<boolean>[]> {
    const [first] = group as readonly [Prepared];
    const single = group.length === 1 ? toSingle(first.rows) : undefined;
    if (single !== undefined) {
      const { way, values } = single;
      const found = await this.driver.query({ name: `potter_row_${way}`, text: this.sql[way] }, values);
      return [{ result: found.length > 0 }];
    }
    const [row] = await this.driver.query({ name: "potter_transact_rows", text: this.sql.all }, toAll(group));
    const lost = new Set((row as { readonly lost: readonly number[] }).lost.map(Number));
    return group.map((_, i) => ({ result: !lost.has(i + 1) }));
  }
}

/** The statement for a transaction that changes one row and has read no other. */
function toSingle(
  rows: readonly UsedRow[],
): { readonly way: "update" | "create" | "put"; readonly values: SqlValue[] } | undefined {
  const [used, ...more] = rows;
  const row = used?.change?.row;
  if (used === undefined || row === undefined || more.length > 0) return undefined;
  const { table, tenant, key, read } = used;
  const values: SqlValue[] = [
    ...toTable(table),
    escapeNul(tenant),
    escapeNul(key),
    row.bytes,
    toJsonObject(row.fields),
  ];
  if (read === undefined) return { way: "put", values };
  if (read.bytes === undefined) return { way: "create", values };
  values.push(read.bytes);
  return { way: "update", values };
}

/** Parameters of `transact_rows`. */
function toAll(group: readonly Prepared[]): SqlValue[] {
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
    data,
    fields,
  ];
}

/** Transactions of one call must differ in the rows that they change. */
function keysOf({ rows }: Prepared): readonly string[] {
  return rows.flatMap(({ name, change }) => (change === undefined ? [] : [name]));
}

/** A row that one has only read must not be changed by another of the same call. */
function sharedKeysOf({ rows }: Prepared): readonly string[] {
  return rows.flatMap(({ name, change }) => (change === undefined ? [name] : []));
}

function sizeOf({ rows }: Prepared): number {
  return rows.reduce((sum, { read, change }) => sum + (read?.bytes?.length ?? 0) + (change?.row?.bytes.length ?? 0), 0);
}
