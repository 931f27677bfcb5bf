import type { RowTable } from "../../store/ports/index.js";
import { type ReadRows, tableId } from "../../store/rows/index.js";
import { DetachedRows } from "./detached-rows.js";

/** A row that was read: its bytes, undefined if there was none. */
export interface RowRead {
  readonly table: RowTable;
  readonly tenant: string;
  readonly key: string;
  readonly bytes: Uint8Array | undefined;
}

/**
 * Rows for handlers that run before the append, without a transaction of the database. It remembers what it has read, so
 * that the append can be made on condition that nothing of it has changed.
 */
export class EarlyRows extends DetachedRows {
  /** The rows that were read, by their key. */
  readonly reads: ReadonlyMap<string, RowRead>;

  /** `check` is called with the names of rows before they are read, and may throw. */
  constructor(read: ReadRows, check: (names: readonly string[]) => void) {
    const reads = new Map<string, RowRead>();
    super(async (table, keys) => {
      const names = keys.map(({ tenant, key }) => rowName(table, tenant, key));
      check(names);
      const found = await read(table, keys);
      for (const [i, { tenant, key }] of keys.entries()) {
        reads.set(names[i] as string, { table, tenant, key, bytes: found[i] });
      }
      return found;
    });
    this.reads = reads;
  }
}

/** Identifies a row in maps. */
export function rowName(table: RowTable, tenant: string, key: string): string {
  return `${tableId(table)} ${tenant.length} ${tenant}${key}`;
}
