import type { RowTable } from "../../store/ports/index.js";
import { tableId } from "../../store/rows/index.js";

/** A pending read of a row. */
interface Waiting {
  readonly table: RowTable;
  readonly tenant: string;
  readonly key: string;
  resolve(row: unknown): void;
  reject(error: unknown): void;
}

/** Reads rows of one table. Returns the bytes of each existing row. */
export type ReadRows = (
  table: RowTable,
  keys: readonly { readonly tenant: string; readonly key: string }[],
) => Promise<readonly (Uint8Array | undefined)[]>;

/**
 * Reads concurrently requested rows by one statement per table, so a list whose items are looked up one by one costs
 * one round trip. Requests are collected for one microtask only, so a single one is not delayed.
 */
export class ReadGroup {
  private readonly read: ReadRows;
  private waiting: Waiting[] = [];

  constructor(read: ReadRows) {
    this.read = read;
  }

  get(table: RowTable, tenant: string, key: string): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.waiting.length === 0) queueMicrotask(() => this.flush());
      this.waiting.push({ table, tenant, key, resolve, reject });
    });
  }

  private flush(): void {
    const all = this.waiting;
    this.waiting = [];
    const byTable = new Map<string, Waiting[]>();
    for (const one of all) {
      const id = tableId(one.table);
      const group = byTable.get(id);
      if (group === undefined) byTable.set(id, [one]);
      else group.push(one);
    }
    for (const group of byTable.values()) this.readAll(group);
  }

  private readAll(group: readonly Waiting[]): void {
    const table = group[0]?.table;
    if (table === undefined) return;
    this.read(table, group).then(
      (found) => {
        for (const [at, one] of group.entries()) {
          const bytes = found[at];
          try {
            one.resolve(bytes && one.table.codec.decode(bytes));
          } catch (error) {
            one.reject(error);
          }
        }
      },
      (error: unknown) => {
        for (const one of group) one.reject(error);
      },
    );
  }
}
