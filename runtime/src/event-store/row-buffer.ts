import { type RowFields, readFields } from "./row-fields.js";
import type { RowTable, RowTransaction } from "./rows.js";

/** A row as it is kept: its message, and what conditions can be put on. */
export interface EncodedRow {
  readonly bytes: Uint8Array;
  readonly fields: RowFields;
}

/** What a transaction leaves of one row. */
export interface RowChange {
  readonly table: RowTable;
  readonly tenant: string;
  readonly key: string;
  /** undefined: the row is deleted. */
  readonly row: EncodedRow | undefined;
}

/**
 * A transaction that keeps its changes to itself until its store takes them, all in one: nothing to undo when it
 * fails, and one round trip however many rows it changes.
 */
export class RowBuffer implements RowTransaction {
  private readonly read: (table: RowTable, tenant: string, key: string) => Promise<unknown>;
  private readonly pending = new Map<string, RowChange>();

  /** `read` gets rows as they were before this transaction. */
  constructor(read: (table: RowTable, tenant: string, key: string) => Promise<unknown>) {
    this.read = read;
  }

  /** The last change of each row. */
  get changes(): readonly RowChange[] {
    return [...this.pending.values()];
  }

  async get(table: RowTable, tenant: string, key: string): Promise<unknown> {
    const change = this.pending.get(idOf(table, tenant, key));
    if (change === undefined) return this.read(table, tenant, key);
    return change.row && table.codec.decode(change.row.bytes);
  }

  async put(table: RowTable, tenant: string, key: string, row: unknown): Promise<void> {
    // Encoded at once: the caller may go on to change its message.
    this.keep({ table, tenant, key, row: { bytes: table.codec.encode(row), fields: readFields(table.codec, row) } });
  }

  async delete(table: RowTable, tenant: string, key: string): Promise<void> {
    this.keep({ table, tenant, key, row: undefined });
  }

  private keep(change: RowChange): void {
    this.pending.set(idOf(change.table, change.tenant, change.key), change);
  }
}

function idOf(table: RowTable, tenant: string, key: string): string {
  return `${table.name} ${table.version} ${tenant.length} ${tenant}${key}`;
}
