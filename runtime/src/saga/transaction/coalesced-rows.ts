import type { RowTable, RowTransaction } from "../../store/ports/index.js";

/** What transitions need of the rows of a transaction. */
export type SagaRows = Pick<RowTransaction, "get" | "put" | "delete" | "expectMissing" | "attempt">;

interface Change {
  readonly table: RowTable;
  readonly tenant: string;
  readonly key: string;
  /** undefined: the row is deleted. */
  readonly row: unknown;
}

/**
 * The rows of a transaction. Until they are written, only the last version of each row is kept, which is encoded and encrypted once: each
 * message and each local step changes the row of its saga. Rows must not be changed after they were put.
 */
export class CoalescedRows implements SagaRows {
  private readonly rows: SagaRows;
  private changes = new Map<string, Change>();

  constructor(rows: SagaRows) {
    this.rows = rows;
  }

  async get(table: RowTable, tenant: string, key: string): Promise<unknown> {
    const change = this.changes.get(nameOf(table, tenant, key));
    return change === undefined ? this.rows.get(table, tenant, key) : change.row;
  }

  expectMissing(table: RowTable, tenant: string, key: string): void {
    this.rows.expectMissing?.(table, tenant, key);
  }

  async put(table: RowTable, tenant: string, key: string, row: unknown): Promise<void> {
    this.changes.set(nameOf(table, tenant, key), { table, tenant, key, row });
  }

  async delete(table: RowTable, tenant: string, key: string): Promise<void> {
    this.changes.set(nameOf(table, tenant, key), { table, tenant, key, row: undefined });
  }

  /** Runs work and undoes its changes if it fails. */
  async attempt<T>(work: () => Promise<T>): Promise<T> {
    const before = new Map(this.changes);
    try {
      return await work();
    } catch (error) {
      this.changes = before;
      throw error;
    }
  }

  /** Passes the changes on to the transaction. */
  async write(): Promise<void> {
    for (const { table, tenant, key, row } of this.changes.values()) {
      if (row === undefined) await this.rows.delete(table, tenant, key);
      else await this.rows.put(table, tenant, key, row);
    }
  }
}

function nameOf({ name }: RowTable, tenant: string, key: string): string {
  return `${name} ${tenant.length} ${tenant}${key}`;
}
