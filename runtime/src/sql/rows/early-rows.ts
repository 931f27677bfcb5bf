import type { RowTable } from "../../store/ports/index.js";
import type { RowReads } from "../../store/rows/index.js";
import { DetachedRows } from "./detached-rows.js";

/**
 * Rows for handlers that run before the statement that writes what they change, without a transaction of the database, on condition
 * that nothing of what they have read has changed.
 */
export class EarlyRows extends DetachedRows {
  readonly reads: RowReads;

  constructor(reads: RowReads) {
    super(reads.read, reads.recall);
    this.reads = reads;
  }

  expectMissing(table: RowTable, tenant: string, key: string): void {
    this.reads.expectMissing(table, tenant, key);
  }
}
