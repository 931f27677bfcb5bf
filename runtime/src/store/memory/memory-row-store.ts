import { checkInteger, checkLimit } from "../checks/index.js";
import type {
  AppendingTransaction,
  ApplyInline,
  DueRows,
  RecordedEvent,
  RowCondition,
  RowScan,
  RowStore,
  RowTable,
} from "../ports/index.js";
import {
  dueOf,
  type ReadRows,
  RowBuffer,
  type RowChange,
  type RowCommit,
  RowReads,
  RowTransactor,
  splitDue,
  tableId,
  toStoredConditions,
  type UsedRow,
} from "../rows/index.js";
import type { MemoryCommands } from "./memory-commands.js";
import { MemoryDueRows } from "./memory-due-rows.js";
import { type MemoryRowAppends, RecordingRows, type RowAppend } from "./memory-row-appends.js";
import { MemoryRows } from "./memory-rows.js";
import type { Mutex } from "./mutex.js";

/** Keeps rows as bytes, so that a row changes only when it is written. */
export class MemoryRowStore implements RowStore {
  /** By name and version of the table, then by tenant. */
  private readonly tables = new Map<string, Map<string, MemoryRows>>();
  private readonly dueRows = new Map<string, MemoryDueRows>();
  private readonly commands: MemoryCommands;
  private readonly transactor: RowTransactor<RowAppend>;
  /** Appends of transactions. Set by the store of the events, which needs the rows itself. */
  appends!: MemoryRowAppends;
  readonly now?: () => number;

  /** `transactions`: those that have exclusive access. `commands`: where transactions record. `clock`: one that tests move; default: the system's. */
  constructor(transactions: Mutex, commands: MemoryCommands, clock?: () => number) {
    this.commands = commands;
    if (clock !== undefined) this.now = clock;
    this.transactor = new RowTransactor({
      begin: (check, isAgain) => {
        const reads = new RowReads(this.readBytes, check);
        return { rows: isAgain ? new RecordingRows(reads.read) : this.appends.begin(reads.read), reads };
      },
      commit: (commit) => transactions.run(async () => this.commit(commit)),
    });
  }

  async get(table: RowTable, tenant: string, key: string): Promise<unknown> {
    const row = this.rows(table, tenant)?.get(key);
    return row && table.codec.decode(row.bytes);
  }

  async scan(
    table: RowTable,
    tenant: string,
    scan: RowScan,
  ): Promise<readonly { readonly key: string; readonly row: unknown }[]> {
    checkInteger("the limit of rows", scan.limit);
    const conditions = toStoredConditions(table, scan.conditions);
    const found = this.rows(table, tenant)?.scan({ ...scan, conditions }) ?? [];
    return found.map(({ key, row }) => ({ key, row: table.codec.decode(row.bytes) }));
  }

  async count(table: RowTable, tenant: string, conditions: readonly RowCondition[]): Promise<number> {
    return this.rows(table, tenant)?.count(toStoredConditions(table, conditions)) ?? 0;
  }

  transact<T>(apply: (rows: AppendingTransaction) => Promise<T>): Promise<T> {
    return this.transactor.run(apply);
  }

  async due(tables: readonly RowTable[], limit: number): Promise<DueRows> {
    checkLimit("due rows", limit);
    const now = this.now?.() ?? Date.now();
    const found = tables.flatMap((table) =>
      (this.dueRows.get(tableId(table))?.first(now, limit + 1) ?? []).map(({ tenant, key, due }) => ({
        table: table.name,
        tenant,
        key,
        due,
      })),
    );
    return splitDue(now, found, limit);
  }

  /** Starts a transaction. The caller must have exclusive access to the store until it is applied. */
  begin(): RowBuffer {
    return new RowBuffer(this.readBytes);
  }

  /** Applies inline projections. The caller must have exclusive access to the store. */
  async applyInline(inline: ApplyInline, recorded: readonly RecordedEvent[]): Promise<void> {
    const rows = this.begin();
    await inline(recorded, rows);
    this.apply(rows.changes);
  }

  apply(changes: readonly RowChange[]): void {
    for (const { table, tenant, key, row } of changes) {
      if (row === undefined) this.rows(table, tenant)?.delete(key);
      else {
        this.open(table, tenant).set(key, row);
        const due = dueOf(row.fields);
        if (due !== undefined) this.openDue(table).add({ due, tenant, key, row });
      }
    }
  }

  /** Deletes at most `limit` rows of a table. false: none are left. */
  drop(table: Omit<RowTable, "codec">, limit: number): boolean {
    const tenants = this.tables.get(tableId(table));
    let left = limit;
    for (const rows of tenants?.values() ?? []) left -= rows.drop(left);
    if (left === 0) return true;
    this.tables.delete(tableId(table));
    this.dueRows.delete(tableId(table));
    return false;
  }

  private readonly readBytes: ReadRows = async (table, keys) =>
    keys.map(({ tenant, key }) => this.rows(table, tenant)?.get(key)?.bytes);

  private commit({ rows: used, appends, records }: RowCommit<RowAppend>): boolean {
    // Bytes of a row are never changed, only replaced.
    const isSame = ({ table, tenant, key, read }: UsedRow) =>
      read === undefined || this.rows(table, tenant)?.get(key)?.bytes === read.bytes;
    if (!used.every(isSame)) return false;
    if (!this.appends.commit(appends)) return false;
    for (const { tenant, command } of records) this.commands.record(tenant, command, undefined);
    this.apply(used.flatMap(({ change }) => change ?? []));
    return true;
  }

  private openDue(table: RowTable): MemoryDueRows {
    const id = tableId(table);
    let found = this.dueRows.get(id);
    if (found === undefined) {
      found = new MemoryDueRows(({ tenant, key, row }) => this.rows(table, tenant)?.get(key) === row);
      this.dueRows.set(id, found);
    }
    return found;
  }

  private rows(table: RowTable, tenant: string): MemoryRows | undefined {
    return this.tables.get(tableId(table))?.get(tenant);
  }

  private open(table: RowTable, tenant: string): MemoryRows {
    const id = tableId(table);
    const tenants = this.tables.get(id) ?? new Map<string, MemoryRows>();
    const rows = tenants.get(tenant) ?? new MemoryRows();
    tenants.set(tenant, rows);
    this.tables.set(id, tenants);
    return rows;
  }
}
