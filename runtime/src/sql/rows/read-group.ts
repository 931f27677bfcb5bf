import { queueMacrotask } from "../../async/index.js";
import { isPotterError } from "../../errors/index.js";
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

/** Maximum number of rows of one statement: the server and this process hold all of them in memory. */
const maxGroup = 256;

/**
 * Reads concurrently requested rows by one statement per table: those of a list whose items are looked up one by one, and
 * those of requests that the process receives in the same turn of the event loop. Nothing waits for a running statement.
 */
export class ReadGroup {
  private readonly read: ReadRows;
  private waiting: Waiting[] = [];

  constructor(read: ReadRows) {
    this.read = read;
  }

  get(table: RowTable, tenant: string, key: string): Promise<unknown> {
    return new Promise((resolve, reject) => {
      // After all that arrived together. Requests whose responses are sent together also arrive together again.
      if (this.waiting.length === 0) queueMacrotask(() => this.flush());
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
      else if (group.push(one) === maxGroup) {
        byTable.delete(id);
        this.readAll(group);
      }
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
        // Perhaps the rows of others are too large for the limits of the server: none fails because of others.
        if (group.length > 1 && !isWithoutServer(error)) for (const one of group) this.readAll([one]);
        else for (const one of group) one.reject(error);
      },
    );
  }
}

/** Whether a statement for less could not succeed either. */
function isWithoutServer(error: unknown): boolean {
  return isPotterError(error) && (error.code === "unavailable" || error.code === "resource_exhausted");
}
