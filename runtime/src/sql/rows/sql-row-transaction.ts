import type { RowTransaction } from "../../store/ports/index.js";
import { type ReadRows, RowBuffer } from "../../store/rows/index.js";
import type { SqlSession } from "../driver/index.js";
import { DetachedRows } from "./detached-rows.js";
import type { RowLocks } from "./row-locks.js";

/** Rows within a transaction of the database. Their changes are written when it is about to end. */
export class SqlRowTransaction extends RowBuffer {
  readonly session: SqlSession;
  /** undefined: its rows are not locked. */
  readonly locks: HeldLocks | undefined;

  constructor(session: SqlSession, locks: HeldLocks | undefined, read: ReadRows) {
    super(read);
    this.session = session;
    this.locks = locks;
  }
}

/** Locks of a transaction, and the rows that a retry locks first. */
export interface HeldLocks {
  readonly wanted: RowLocks;
  /** The highest lock of the transaction, as text: it has 64 bits. */
  highestLock: string | null;
}

/**
 * Returns the session of a transaction, to run user statements that commit together with the rows, the checkpoint and
 * the events. undefined: the store is not an SQL store. The session ends with the transaction. Throws if handlers run
 * before the statement that writes their rows: the store then runs them again within a transaction.
 */
export function sessionOf(transaction: RowTransaction): SqlSession | undefined {
  if (transaction instanceof DetachedRows) throw transaction.needTransaction("the session");
  return transaction instanceof SqlRowTransaction ? transaction.session : undefined;
}
