import type { RowTable, RowTransaction } from "../../store/ports/index.js";

/** What transitions need of the rows of a transaction. */
export type SagaRows = Pick<RowTransaction, "get" | "put" | "delete" | "expectMissing">;

interface Change {
  readonly table: RowTable;
  readonly tenant: string;
  readonly key: string;
  /** undefined: the row is deleted. */
  readonly row: unknown;
}

/**
 * The rows of a transaction with several messages. Until they are written, only the last version of each row is kept, which is encoded and
 * encrypted once: the row of a saga with very many commands is large, and all of their outcomes change it. Rows must not be changed after
 * they were put.
 */
export class CoalescedRows implements SagaRows {
  private readonly rows: SagaRows;
  private readonly changes = new Map<string, Change>();
  private isWritten = false;

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
    await this.change({ table, tenant, key, row });
  }

  async delete(table: RowTable, tenant: string, key: string): Promise<void> {
    await this.change({ table, tenant, key, row: undefined });
  }

  /** Passes the changes on to the transaction, and later ones at once. */
  async write(): Promise<void> {
    this.isWritten = true;
    for (const change of this.changes.values()) await this.change(change);
    this.changes.clear();
  }

  private async change(change: Change): Promise<void> {
    const { table, tenant, key, row } = change;
    if (!this.isWritten) this.changes.set(nameOf(table, tenant, key), change);
    else if (row === undefined) await this.rows.delete(table, tenant, key);
    else await this.rows.put(table, tenant, key, row);
  }
}

function nameOf({ name }: RowTable, tenant: string, key: string): string {
  return JSON.stringify([name, tenant, key]);
}
