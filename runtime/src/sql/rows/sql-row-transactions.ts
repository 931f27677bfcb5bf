import { isPotterError } from "../../errors/index.js";
import type { AppendingTransaction } from "../../store/ports/index.js";
import { type RowCommit, type RowPlace, RowReads, RowTransactor } from "../../store/rows/index.js";
import { isLockTimeout, retryTransient, type Schema, type SqlDriver, type SqlStatement } from "../driver/index.js";
import { GroupCommit, type Settled } from "../groups/index.js";
import { AppendingRows, RecordingRows, type RowAppends } from "./appending-rows.js";
import { bindOne, bindTransactions, type RowWrite } from "./bind-transactions.js";
import type { RecentRows } from "./recent-rows.js";
import { RowReaders } from "./row-readers.js";

/** How transactions read rows. */
export interface RowSource {
  /** undefined: transactions cannot append. */
  readonly appends: RowAppends | undefined;
  readonly recent: RecentRows;
  /** Reads rows, together with those of other callers. */
  readShared(rows: readonly RowPlace[]): Promise<readonly (Uint8Array | undefined)[]>;
}

/** A statement, and its form that also records commands. */
type RowStatement = Readonly<Record<"plain" | "recording", SqlStatement>>;

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
  private readonly sql: Readonly<Record<"update" | "create" | "put" | "all", RowStatement>>;
  private readonly group: GroupCommit<RowWrite, boolean>;
  private readonly readers = new RowReaders();
  private readonly transactor: RowTransactor<unknown>;

  constructor(driver: SqlDriver, { sql }: Schema, source: RowSource) {
    this.driver = driver;
    this.source = source;
    const insert = `INSERT INTO ${sql}.rows (view, version, generation, tenant, key, data, fields)
      SELECT $1, $2, $3, $4, $5, $6, $7::jsonb WHERE ${locked} ON CONFLICT`;
    // The record is inserted after the main statement.
    const record = (from: string): string => `WITH recorded AS (
        INSERT INTO ${sql}.commands (tenant, id, request_hash, response, version) ${from} ON CONFLICT (id, tenant) DO NOTHING
      )`;
    const one = (way: string, values: number, text: string): RowStatement => {
      const [tenant, id, hash, response] = parameters(values + 1, 4);
      const recorded = record(`VALUES (${tenant}, ${id}, ${hash}, ${response}, 0)`);
      return {
        plain: { name: `potter_row_${way}`, text },
        recording: { name: `potter_row_${way}_recorded`, text: `${recorded} ${text}` },
      };
    };
    const all = `SELECT lost FROM ${sql}.transact_rows(${parameters(1, 12).join(", ")})`;
    const [tenants, ids, hashes, responses] = parameters(13, 4);
    const records = record(`SELECT tenant, id, hash, response, 0
        FROM unnest((SELECT ${tenants}::text[]), (SELECT ${ids}::text[]), (SELECT ${hashes}::text[]), (SELECT ${responses}::bytea[]))
          AS u (tenant, id, hash, response) ORDER BY id, tenant`);
    this.sql = {
      update: one(
        "update",
        8,
        `UPDATE ${sql}.rows SET data = $6, fields = $7::jsonb WHERE ${ofRow} AND data = $8 AND ${locked} RETURNING 1 AS done`,
      ),
      create: one("create", 7, `${insert} DO NOTHING RETURNING 1 AS done`),
      put: one(
        "put",
        7,
        `${insert} (view, version, generation, tenant, key) DO UPDATE SET data = excluded.data, fields = excluded.fields
        RETURNING 1 AS done`,
      ),
      all: {
        plain: { name: "potter_transact_rows", text: all },
        recording: { name: "potter_transact_rows_recorded", text: `${records} ${all}` },
      },
    };
    this.group = new GroupCommit(
      (group) => RowReaders.sendCurrent(group, false, (current) => this.sendAll(current)),
      keysOf,
      {
        sizeOf,
        sharedKeysOf,
        patience: driver.patience,
        gather: driver.blocks,
      },
    );
    this.transactor = new RowTransactor({
      begin: (check, isAgain) => {
        const read: RowReads["read"] = (table, keys) => source.readShared(keys.map((key) => ({ ...key, table })));
        const reads = new RowReads(read, check, isAgain ? undefined : source.recent.recall);
        const canAppend = !isAgain && source.appends !== undefined;
        return { rows: canAppend ? new AppendingRows(reads, source.appends) : new RecordingRows(reads), reads };
      },
      commit: (commit) =>
        commit.appends.length > 0 && source.appends !== undefined ? source.appends.commit(commit) : this.commit(commit),
    });
  }

  run<T>(apply: (rows: AppendingTransaction) => Promise<T>): Promise<T> {
    return this.transactor.run(apply);
  }

  private async commit({ rows, records }: RowCommit<unknown>): Promise<boolean> {
    const { recent } = this.source;
    const prepared = { rows, records, isStale: false };
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
  private async sendAll(group: readonly RowWrite[]): Promise<readonly Settled<boolean>[]> {
    try {
      return await retryTransient(() => this.call(group));
    } catch (error) {
      if (group.length === 1) return [isLockTimeout(error) ? { result: false } : { error }];
      // The outcome of a call is unknown if the connection broke; after any other failure it had no effect.
      if (isPotterError(error) && error.code === "unavailable") return group.map(() => ({ error }));
      return (await Promise.all(group.map((one) => this.sendAll([one])))).flat();
    }
  }

  private async call(group: readonly RowWrite[]): Promise<readonly Settled<boolean>[]> {
    const single = group.length === 1 ? bindOne(group[0] as RowWrite) : undefined;
    if (single !== undefined) {
      const { way, isRecording, values } = single;
      const found = await this.driver.query(this.sql[way][isRecording ? "recording" : "plain"], values);
      return [{ result: found.length > 0 }];
    }
    const { isRecording, values } = bindTransactions(group);
    const [row] = await this.driver.query(this.sql.all[isRecording ? "recording" : "plain"], values);
    const lost = new Set((row as { readonly lost: readonly number[] }).lost.map(Number));
    return group.map((_, i) => ({ result: !lost.has(i + 1) }));
  }
}

/** Names of consecutive parameters. */
function parameters(first: number, count: number): readonly string[] {
  return Array.from({ length: count }, (_, i) => `$${first + i}`);
}

/** Transactions of one call must differ in the rows that they change. */
function keysOf({ rows }: RowWrite): readonly string[] {
  return rows.flatMap(({ name, change }) => (change === undefined ? [] : [name]));
}

/** A row that one has only read must not be changed by another of the same call. */
function sharedKeysOf({ rows }: RowWrite): readonly string[] {
  return rows.flatMap(({ name, change }) => (change === undefined ? [name] : []));
}

function sizeOf({ rows, records }: RowWrite): number {
  const recorded = records.reduce((sum, { command }) => sum + command.response.length, 0);
  return rows.reduce(
    (sum, { read, change }) => sum + (read?.bytes?.length ?? 0) + (change?.row?.bytes.length ?? 0),
    recorded,
  );
}
