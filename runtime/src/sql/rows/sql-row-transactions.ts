import type { RowTransaction } from "../../store/ports/index.js";
import {
  type RowChange,
  type RowPlace,
  RowReads,
  RowTransactor,
  rowId,
  tableId,
  type UsedRow,
} from "../../store/rows/index.js";
import { retryTransient, type SqlDriver, type SqlSession } from "../driver/index.js";
import { EarlyRows } from "./early-rows.js";
import type { RowLocks } from "./row-locks.js";
import type { HeldLocks, SqlRowTransaction } from "./sql-row-transaction.js";

/** How transactions access rows. */
export interface RowAccess {
  readMany(rows: readonly RowPlace[]): Promise<readonly (Uint8Array | undefined)[]>;
  newLocks(): RowLocks;
  begin(session: SqlSession, locks: RowLocks | undefined): Promise<SqlRowTransaction>;
  writeChanges(session: SqlSession, changes: readonly RowChange[], locks?: HeldLocks): Promise<void>;
}

/** Transactions over rows without an append. */
export class SqlRowTransactions {
  private readonly driver: SqlDriver;
  private readonly rows: RowAccess;
  private readonly transactor = new RowTransactor({
    begin: (check) => {
      const read = async (table: UsedRow["table"], keys: readonly Pick<UsedRow, "tenant" | "key">[]) =>
        this.rows.readMany(keys.map((key) => ({ ...key, table })));
      const reads = new RowReads(read, check);
      return { rows: new EarlyRows(reads), reads };
    },
    commit: (rows) => this.commit(rows),
  });

  constructor(driver: SqlDriver, rows: RowAccess) {
    this.driver = driver;
    this.rows = rows;
  }

  run<T>(apply: (rows: RowTransaction) => Promise<T>): Promise<T> {
    return this.transactor.run(apply);
  }

  private commit(used: readonly UsedRow[]): Promise<boolean> {
    const locks = this.rows.newLocks();
    return retryTransient(() =>
      this.driver.transaction(async (session) => {
        const rows = await this.rows.begin(session, locks);
        for (const { table, tenant, key, read } of used) {
          if (read === undefined) continue;
          await rows.prefetch(table, [{ tenant, key }]);
          const found = rows.known.get(tableId(table))?.get(rowId(tenant, key))?.bytes;
          if (!isSame(found, read.bytes)) return false;
        }
        const changes = used.flatMap(({ change }) => change ?? []);
        await this.rows.writeChanges(session, changes, rows.locks);
        return true;
      }),
    );
  }
}

function isSame(one: Uint8Array | undefined, other: Uint8Array | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  return one.length === other.length && one.every((byte, i) => byte === other[i]);
}
