import type { AppendRequest } from "./append.js";
import type { CommandRecord } from "./command-record.js";
import type { RowKey, RowReader, RowTable, RowTransaction } from "./rows.js";

/** Rows of a transaction of {@link RowStore.transact}, which may append, and record commands. */
export interface AppendingTransaction extends RowTransaction {
  /**
   * Appends to a stream in the commit of the transaction, all or nothing. Its inline projections are applied to these rows at once, and it
   * may follow an append of this transaction to the same stream. At least one event or a command, no unique values. Rejects if an inline projection
   * fails, or needs what exists only in a transaction of the database, and if the appends are too large together.
   *
   * Absent where the store cannot do it, and when the transaction runs again, which it does if the append was refused: its caller
   * appends by itself then.
   */
  append?(request: AppendRequest): Promise<void>;
  /**
   * Records the response of a command with the commit of the transaction. What is recorded or reserved under its id stays as it is. A
   * response is true whatever becomes of the transaction, so it may be recorded although nothing else is committed.
   *
   * Absent where the store cannot do it.
   */
  record?(tenant: string, command: CommandRecord): Promise<void>;
}

/** A row that is due. */
export interface DueRow extends RowKey {
  /** Name of its table. */
  readonly table: string;
  /** Since when, in milliseconds since 1970. */
  readonly due: number;
}

/** The rows that are due. */
export interface DueRows {
  /** The time by the store's clock, in milliseconds since 1970, at or before the call returned. */
  readonly now: number;
  /** The oldest first. */
  readonly rows: readonly DueRow[];
  /** When the next of the other rows is due; not after `now` if more rows are due than the limit. Absent: there are none. */
  readonly next?: number;
}

/** The port of rows: reads them, and writes those of tables that no projection writes. */
export interface RowStore extends RowReader {
  /**
   * Runs `apply` on rows without holding a connection or a lock, and commits what it has changed, all or nothing, on condition that
   * the rows that it has read are unchanged. If one has changed, or another transaction holds it, `apply` runs again: it must have no
   * effect except on the rows. Its result counts only if the call resolves. After many lost races it rejects with `aborted`, and
   * nothing is written.
   *
   * Rows that this process has written or read lately may be passed to `apply` without a read. A result without changes, and an
   * error of `apply`, always follow from rows that were read during the call.
   *
   * Rejects with `unavailable` if the connection was lost: then it is unknown whether the changes were committed. They are
   * committed at most once, so the caller may read its rows again to find out.
   */
  transact<T>(apply: (rows: AppendingTransaction) => Promise<T>): Promise<T>;
  /** Returns the rows of these tables, of all tenants, that are due by the store's clock. Takes no lock. `limit`: the most rows. */
  due(tables: readonly RowTable[], limit: number): Promise<DueRows>;
  /**
   * The time by the store's clock, in milliseconds since 1970, for stores whose clock tests move: it may jump at any moment. Absent:
   * the clock runs at the speed of time, and `due` tells it.
   */
  readonly now?: () => number;
}
