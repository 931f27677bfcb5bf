import { type ReadRows, RowBuffer, type RowTransaction } from "../event-store/index.js";
import type { SqlSession } from "./driver.js";

/** Rows within a transaction of the database. Their changes are written when it is about to end. */
export class SqlRowTransaction extends RowBuffer {
  readonly session: SqlSession;

  constructor(session: SqlSession, read: ReadRows) {
    super(read);
    this.session = session;
  }
}

/**
 * The session of the transaction, to run statements of your own in it: they are committed with the rows, the checkpoint and
 * the events, or not at all. undefined: the store keeps no SQL. Ends with the transaction.
 */
export function sessionOf(transaction: RowTransaction): SqlSession | undefined {
  return transaction instanceof SqlRowTransaction ? transaction.session : undefined;
}
