import type { RecallRow, UsedRow } from "../../store/rows/index.js";
import { rowName } from "../../store/rows/index.js";

/** What a row takes in memory beside its name and its bytes, roughly. */
const overhead = 120;

/**
 * Rows of tables whose rows can be due, as this process has read or written them last: mostly the same process changes them again. Others may
 * have changed them since, so what follows from them is only written on condition that they are the same.
 */
export class RecentRows {
  private readonly rows = new Map<string, Uint8Array>();
  private readonly limit: number;
  private size = 0;

  /** `limit`: of all rows, in bytes, roughly. */
  constructor(limit: number) {
    this.limit = limit;
  }

  readonly recall: RecallRow = (_tableKey, _rowKey, table, tenant, key) => {
    if (table.due === undefined) return undefined;
    const bytes = this.rows.get(rowName(table, tenant, key));
    return bytes && { bytes };
  };

  /** Notes the rows of a commit: those that it has written, and those that it has found to be as they were read. */
  written(used: readonly UsedRow[]): void {
    for (const { name, table, read, change } of used) {
      if (table.due === undefined) continue;
      const bytes = change === undefined ? read?.bytes : change.row?.bytes;
      this.delete(name);
      if (bytes !== undefined) this.add(name, bytes);
    }
  }

  /** Forgets rows: others have changed them, or it is unknown whether they were written. */
  forget(names: readonly string[]): void {
    for (const name of names) this.delete(name);
  }

  private add(name: string, bytes: Uint8Array): void {
    this.rows.set(name, bytes);
    this.size += sizeOf(name, bytes);
    // The oldest first: a map keeps the order in which rows were added.
    for (const [oldest, kept] of this.rows) {
      if (this.size <= this.limit) break;
      this.rows.delete(oldest);
      this.size -= sizeOf(oldest, kept);
    }
  }

  private delete(name: string): void {
    const bytes = this.rows.get(name);
    if (bytes === undefined) return;
    this.rows.delete(name);
    this.size -= sizeOf(name, bytes);
  }
}

function sizeOf(name: string, bytes: Uint8Array): number {
  return overhead + 2 * name.length + bytes.length;
}
