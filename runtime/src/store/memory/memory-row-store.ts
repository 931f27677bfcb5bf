import { checkInteger } from "../checks/index.js";
import type { RowCondition, RowReader, RowScan, RowTable } from "../ports/index.js";
import { RowBuffer, type RowChange, tableId } from "../rows/index.js";
import { MemoryRows } from "./memory-rows.js";

/** Keeps rows as bytes, so that a row changes only when it is written. */
export class MemoryRowStore implements RowReader {
  /** By name and version of the table, then by tenant. */
  private readonly tables = new Map<string, Map<string, MemoryRows>>();

  async get(table: RowTable, tenant: string, key: string): Promise<unknown> {
    const row = this.rows(table, tenant)?.get(key);
    return row && table.codec.decode(row.bytes);
  }

  async scan(
    table: RowTable,
    tenant: string,
    scan: RowScan,
  ): Promise<readonly { readonly key: string; readonly row: unknown }[]> {
    checkInteger("the limit of rows", scan.limit);
    const found = this.rows(table, tenant)?.scan(scan) ?? [];
    return found.map(({ key, row }) => ({ key, row: table.codec.decode(row.bytes) }));
  }

  async count(table: RowTable, tenant: string, conditions: readonly RowCondition[]): Promise<number> {
    return this.rows(table, tenant)?.count(conditions) ?? 0;
  }

  /** Starts a transaction. The caller must have exclusive access to the store until it is applied. */
  begin(): RowBuffer {
    return new RowBuffer(async (table, keys) =>
      keys.map(({ tenant, key }) => this.rows(table, tenant)?.get(key)?.bytes),
    );
  }

  apply(changes: readonly RowChange[]): void {
    for (const { table, tenant, key, row } of changes) {
      if (row === undefined) this.rows(table, tenant)?.delete(key);
      else this.open(table, tenant).set(key, row);
    }
  }

  /** Deletes at most `limit` rows of a table. false: none are left. */
  drop(table: Omit<RowTable, "codec">, limit: number): boolean {
    const tenants = this.tables.get(tableId(table));
    let left = limit;
    for (const rows of tenants?.values() ?? []) left -= rows.drop(left);
    if (left === 0) return true;
    this.tables.delete(tableId(table));
    return false;
  }

  private rows(table: RowTable, tenant: string): MemoryRows | undefined {
    return this.tables.get(tableId(table))?.get(tenant);
  }

  private open(table: RowTable, tenant: string): MemoryRows {
    const id = tableId(table);
    const tenants = this.tables.get(id) ?? new Map<string, MemoryRows>();
    const rows = tenants.get(tenant) ?? new MemoryRows();
    tenants.set(tenant, rows);
    this.tables.set(id, tenants);
    return rows;
  }
}
