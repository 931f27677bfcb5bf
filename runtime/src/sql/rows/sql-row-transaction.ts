import type { RowTransaction } from "../../store/ports/index.js";
import { type ReadRows, RowBuffer } from "../../store/rows/index.js";
import type { SqlSession } from "../driver/index.js";
import type { RowLocks } from "./row-locks.js";

/** Rows within a transaction of the database. Their changes are written when it is about to end. */
export class SqlRowTransaction extends RowBuffer {
  readonly session: SqlSession;
  /** Undefined: its rows are not kept from others. */
  readonly locks: HeldLocks | undefined;

  constructor(session: SqlSession, locks: HeldLocks | undefined, read: ReadRows) {
    super(read);
    this.session = session;
    this.locks = locks;
  }
}

/** What a transaction holds, and what its next try is to hold from the start. */
export interface HeldLocks {
  readonly wanted: RowLocks;
  /** The highest of the locks that it has, as text: it is of 64 bits. */
  highestLock: string | null;
}

/**
 * The session of the transaction, to run statements of your own in it: they are committed with the rows, the checkpoint and
 * the events, or not at all. undefined: the store keeps no SQL. Ends with the transaction.
 */
export function sessionOf(transaction: RowTransaction): SqlSession | undefined {
  return transaction instanceof SqlRowTransaction ? transaction.session : undefined;
}
