import { checkInteger } from "../../store/checks/index.js";
import type {
  AppendingTransaction,
  DueRows,
  RowCondition,
  RowKey,
  RowScan,
  RowStore,
  RowTable,
} from "../../store/ports/index.js";
import { type RecallRow, type RowChange, type RowPlace, rowName, toStoredConditions } from "../../store/rows/index.js";
import { type Schema, type SqlDriver, type SqlSession, type SqlValue, setStoreLocation } from "../driver/index.js";
import { GroupCommit, type Settled } from "../groups/index.js";
import { escapeNul, unescapeNul } from "../values/index.js";
import type { RowAppends } from "./appending-rows.js";
import { DetachedRows } from "./detached-rows.js";
import { ReadGroup } from "./read-group.js";
import { RecentRows } from "./recent-rows.js";
import { buildConditions } from "./row-conditions.js";
import { Deadlocks, RowLocks } from "./row-locks.js";
import { toContents, toKeys, toPlaces, toTable } from "./row-values.js";
import { SqlDueRows } from "./sql-due-rows.js";
import { type HeldLocks, SqlRowTransaction } from "./sql-row-transaction.js";
import { SqlRowTransactions } from "./sql-row-transactions.js";

const ofTable = "view = $1 AND version = $2 AND generation = $3";
/** Limit of the rows that are kept since they may change again soon, in bytes. */
const recentBytes = 16 * 1024 * 1024;
const ofTenant = `${ofTable} AND tenant = $4`;

/** Rows of all read models, in one table. */
export class SqlRowStore implements RowStore {
  private readonly driver: SqlDriver;
  private readonly schema: Schema;
  private readonly group: ReadGroup;
  private readonly deadlocks = new Deadlocks();
  /** Rows that this process has written lately. */
  readonly recent: RecentRows = new RecentRows(recentBytes);
  /** Appends of transactions. Set by the store of the events, which needs the rows itself. */
  appends: RowAppends | undefined;
  private readonly reads: GroupCommit<readonly RowPlace[], readonly (Uint8Array | undefined)[]>;
  private readonly transactions: SqlRowTransactions;
  private readonly dueRows: SqlDueRows;
  private readonly sql: {
    readonly get: string;
    readonly getAll: string;
    readonly getMany: string;
    readonly lock: string;
    readonly getLocked: string;
    readonly write: string;
    readonly drop: string;
  };

  constructor(driver: SqlDriver, schema: Schema) {
    this.group = new ReadGroup((table, keys) => this.readGroup(table, keys));
    this.driver = driver;
    this.schema = schema;
    const options = { patience: driver.patience, gather: driver.blocks };
    this.reads = new GroupCommit(
      (wanted) => this.readTogether(wanted),
      () => [],
      options,
    );
    this.dueRows = new SqlDueRows(driver, schema);
    this.transactions = new SqlRowTransactions(driver, schema, this);
    const { sql } = schema;
    this.sql = {
      get: `SELECT data FROM ${sql}.rows WHERE ${ofTenant} AND key = $5`,
      // Each row by a subquery: a plan with a join, prepared for an empty table, would keep scanning all of it.
      getAll: `SELECT (SELECT r.data FROM ${sql}.rows r WHERE ${ofTable} AND r.tenant = u.tenant AND r.key = u.key) AS data
        FROM unnest($4::text[], $5::text[]) WITH ORDINALITY AS u (tenant, key, n) ORDER BY n`,
      getMany: `SELECT (SELECT r.data FROM ${sql}.rows r WHERE r.view = ($1::text[])[u.t] AND r.version = ($2::integer[])[u.t]
          AND r.generation = ($3::integer[])[u.t] AND r.tenant = u.tenant AND r.key = u.key) AS data
        FROM unnest($4::integer[], $5::text[], $6::text[]) WITH ORDINALITY AS u (t, tenant, key, n) ORDER BY n`,
      lock: `SELECT ${sql}.lock_rows(NULL, $1, $2, $3, $4, $5, $6)::text AS highest_lock`,
      getLocked: `SELECT highest_lock, ordinals, data FROM ${sql}.read_rows_locked($1, $2, $3, $4, $5, $6)`,
      write: `SELECT ${sql}.write_rows($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
      drop: `WITH gone AS (DELETE FROM ${sql}.rows WHERE ctid = ANY (ARRAY(
        SELECT ctid FROM ${sql}.rows WHERE ${ofTable} LIMIT $4 FOR UPDATE SKIP LOCKED)) RETURNING 1)
        SELECT count(*) AS n FROM gone`,
    };
  }

  get(table: RowTable, tenant: string, key: string): Promise<unknown> {
    return this.group.get(table, tenant, key);
  }

  async scan(
    table: RowTable,
    tenant: string,
    { conditions, after, limit }: RowScan,
  ): Promise<readonly { readonly key: string; readonly row: unknown }[]> {
    checkInteger("the limit of rows", limit);
    const values: SqlValue[] = [...toTable(table), escapeNul(tenant)];
    let where = ofTenant + buildConditions(toStoredConditions(table, conditions), values);
    if (after !== undefined) where += ` AND key > $${values.push(escapeNul(after))}`;
    const text = `SELECT key, data FROM ${this.schema.sql}.rows WHERE ${where} ORDER BY key LIMIT $${values.push(limit)}`;
    const rows = await this.driver.query({ text, repeatable: true }, values);
    return rows.map((row) => ({
      key: unescapeNul(row["key"] as string),
      row: table.codec.decode(row["data"] as Uint8Array),
    }));
  }

  async count(table: RowTable, tenant: string, conditions: readonly RowCondition[]): Promise<number> {
    const values: SqlValue[] = [...toTable(table), escapeNul(tenant)];
    const where = ofTenant + buildConditions(toStoredConditions(table, conditions), values);
    const [row] = await this.driver.query(
      { text: `SELECT count(*) AS n FROM ${this.schema.sql}.rows WHERE ${where}`, repeatable: true },
      values,
    );
    return Number(row?.["n"]);
  }

  transact<T>(apply: (rows: AppendingTransaction) => Promise<T>): Promise<T> {
    return this.transactions.run(apply);
  }

  due(tables: readonly RowTable[], limit: number): Promise<DueRows> {
    return this.dueRows.read(tables, limit);
  }

  /** Creates the locks of one unit of work, for all its attempts. */
  newLocks(): RowLocks {
    return new RowLocks(this.deadlocks);
  }

  /**
   * Returns the rows as the transaction of this session sees them. Call `write` before the transaction ends. With
   * `locks`, rows that it reads or writes are locked until then.
   */
  async begin(session: SqlSession, locks: RowLocks | undefined): Promise<SqlRowTransaction> {
    const held = locks && { wanted: locks, highestLock: await this.lock(session, locks) };
    const rows = new SqlRowTransaction(session, held, (table, keys) =>
      held === undefined ? this.readAll(session, table, keys) : this.readAllLocked(session, table, keys, held),
    );
    setStoreLocation(rows, { driver: this.driver, schema: this.schema });
    return rows;
  }

  async write({ session, changes, locks }: SqlRowTransaction): Promise<void> {
    if (locks !== undefined) for (const { table, tenant, key } of changes) locks.wanted.add(table, [{ tenant, key }]);
    await this.writeChanges(session, changes, locks);
  }

  /** Writes changes of rows, which are locked if there are `locks`. */
  async writeChanges(session: SqlSession, changes: readonly RowChange[], locks?: HeldLocks): Promise<void> {
    if (changes.length === 0) return;
    this.recent.forget(changes.map(({ table, tenant, key }) => rowName(table, tenant, key)));
    await session.query({ name: "potter_write_rows", text: this.sql.write }, [
      locks !== undefined,
      locks?.highestLock ?? null,
      ...toPlaces(changes),
      ...toContents(changes),
    ]);
  }

  /** Rows for handlers that run before the transaction, of which `recall` knows some. */
  detached(recall: RecallRow): DetachedRows {
    const rows = new DetachedRows((table, keys) => this.readAll(this.driver, table, keys), recall);
    setStoreLocation(rows, { driver: this.driver, schema: this.schema });
    return rows;
  }

  /** Reads rows of several tables together with those of concurrent callers. Returns the bytes of each, undefined where there is none. */
  readShared(rows: readonly RowPlace[]): Promise<readonly (Uint8Array | undefined)[]> {
    return this.reads.run(rows);
  }

  private async readTogether(
    wanted: readonly (readonly RowPlace[])[],
  ): Promise<readonly Settled<readonly (Uint8Array | undefined)[]>[]> {
    const found = await this.readMany(wanted.flat());
    let next = 0;
    return wanted.map(({ length }) => {
      next += length;
      return { result: found.slice(next - length, next) };
    });
  }

  private async readMany(rows: readonly RowPlace[]): Promise<readonly (Uint8Array | undefined)[]> {
    const [only, ...more] = rows;
    if (only === undefined) return [];
    if (more.length === 0) return this.readGroup(only.table, rows);
    const statement = { name: "potter_read_rows", text: this.sql.getMany, repeatable: true };
    const found = await this.driver.query(statement, toPlaces(rows));
    return found.map((row) => (row["data"] as Uint8Array | null) ?? undefined);
  }

  /** Deletes at most `limit` rows of a table. false: none are left. */
  async drop(table: Omit<RowTable, "codec">, limit: number): Promise<boolean> {
    const { name, version, generation = 1 } = table;
    const [row] = await this.driver.query({ text: this.sql.drop }, [name, version, generation, limit]);
    return Number(row?.["n"]) > 0;
  }

  private async readGroup(table: RowTable, keys: readonly RowKey[]): Promise<readonly (Uint8Array | undefined)[]> {
    const [only, ...more] = keys;
    if (only === undefined || more.length > 0) return this.readAll(this.driver, table, keys);
    const statement = { name: "potter_get_row", text: this.sql.get, repeatable: true };
    const [row] = await this.driver.query(statement, [...toTable(table), escapeNul(only.tenant), escapeNul(only.key)]);
    return [row?.["data"] as Uint8Array | undefined];
  }

  private async readAll(session: SqlSession, table: RowTable, keys: readonly RowKey[]) {
    const statement = { name: "potter_get_rows", text: this.sql.getAll, repeatable: true };
    const rows = await session.query(statement, [...toTable(table), ...toKeys(keys)]);
    return rows.map((row) => (row["data"] as Uint8Array | null) ?? undefined);
  }

  private async readAllLocked(session: SqlSession, table: RowTable, keys: readonly RowKey[], held: HeldLocks) {
    held.wanted.add(table, keys);
    const statement = { name: "potter_read_rows_locked", text: this.sql.getLocked };
    const [row] = await session.query(statement, [held.highestLock, ...toTable(table), ...toKeys(keys)]);
    held.highestLock = row?.["highest_lock"] as string;
    const data = row?.["data"] as readonly Uint8Array[] | null;
    const found = new Array<Uint8Array | undefined>(keys.length);
    for (const [i, ordinal] of ((row?.["ordinals"] as readonly number[] | null) ?? []).entries()) {
      found[Number(ordinal) - 1] = data?.[i];
    }
    return found;
  }

  /** Locks the rows of earlier attempts. Returns the highest lock. */
  private async lock(session: SqlSession, { known }: RowLocks): Promise<string | null> {
    if (known.length === 0) return null;
    const [row] = await session.query({ text: this.sql.lock }, toPlaces(known));
    return row?.["highest_lock"] as string;
  }
}
