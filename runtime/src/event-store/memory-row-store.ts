import { PotterError } from "../errors/index.js";
import type { Exclusive } from "./exclusive.js";
import { MemoryRows } from "./memory-rows.js";
import { RowBuffer, type RowChange } from "./row-buffer.js";
import type { Checkpoint, RowCondition, RowScan, RowStore, RowTable, RowTransaction } from "./rows.js";

/** Rows as bytes in this process, so that nobody can change a row but by writing it. */
export class MemoryRowStore implements RowStore {
  /** By name and version of the table, then by tenant. */
  private readonly tables = new Map<string, Map<string, MemoryRows>>();
  /** By name, then version, of the projection. */
  private readonly checkpoints = new Map<string, Map<number, Checkpoint>>();
  private readonly transactions: Exclusive;

  constructor(transactions: Exclusive) {
    this.transactions = transactions;
  }

  async get(table: RowTable, tenant: string, key: string): Promise<unknown> {
    const row = this.rows(table, tenant)?.get(key);
    return row && table.codec.decode(row.bytes);
  }

  async scan(
    table: RowTable,
    tenant: string,
    scan: RowScan,
  ): Promise<readonly { readonly key: string; readonly row: unknown }[]> {
    const found = this.rows(table, tenant)?.scan(scan) ?? [];
    return found.map(({ key, row }) => ({ key, row: table.codec.decode(row.bytes) }));
  }

  async count(table: RowTable, tenant: string, conditions: readonly RowCondition[]): Promise<number> {
    return this.rows(table, tenant)?.count(conditions) ?? 0;
  }

  async register(name: string, version: number): Promise<Checkpoint> {
    const versions = this.checkpoints.get(name) ?? new Map<number, Checkpoint>();
    this.checkpoints.set(name, versions);
    const known = versions.get(version);
    if (known !== undefined) return known;
    const checkpoint: Checkpoint = { name, version, position: 0, state: versions.size === 0 ? "live" : "building" };
    versions.set(version, checkpoint);
    return checkpoint;
  }

  async live(name: string): Promise<Checkpoint | undefined> {
    return [...(this.checkpoints.get(name)?.values() ?? [])].find(({ state }) => state === "live");
  }

  commit(
    move: { readonly name: string; readonly version: number; readonly from: number; readonly to: number },
    apply: (transaction: RowTransaction) => Promise<void>,
  ): Promise<boolean> {
    return this.transactions.run(async () => {
      const versions = this.checkpoints.get(move.name);
      if (versions?.get(move.version)?.position !== move.from) return false;
      const rows = this.begin();
      await apply(rows);
      // Read again: the state may have changed meanwhile, the position may not.
      const checkpoint = versions.get(move.version) as Checkpoint;
      versions.set(move.version, { ...checkpoint, position: move.to });
      this.apply(rows.changes);
      return true;
    });
  }

  async promote(name: string, version: number): Promise<void> {
    const versions = this.checkpoints.get(name);
    const next = versions?.get(version);
    if (versions === undefined || next === undefined) {
      throw new PotterError("failed_precondition", `version ${version} of the projection ${name} was never registered`);
    }
    for (const checkpoint of versions.values()) {
      if (checkpoint.state === "live") versions.set(checkpoint.version, { ...checkpoint, state: "retired" });
    }
    versions.set(version, { ...next, state: "live" });
  }

  /** A transaction over the present rows. Whoever begins one has the store to himself until it is applied. */
  begin(): RowBuffer {
    return new RowBuffer((table, tenant, key) => this.get(table, tenant, key));
  }

  apply(changes: readonly RowChange[]): void {
    for (const { table, tenant, key, row } of changes) {
      if (row === undefined) this.rows(table, tenant)?.delete(key);
      else this.open(table, tenant).set(key, row);
    }
  }

  private rows(table: RowTable, tenant: string): MemoryRows | undefined {
    return this.tables.get(idOf(table))?.get(tenant);
  }

  private open(table: RowTable, tenant: string): MemoryRows {
    const id = idOf(table);
    const tenants = this.tables.get(id) ?? new Map<string, MemoryRows>();
    const rows = tenants.get(tenant) ?? new MemoryRows();
    tenants.set(tenant, rows);
    this.tables.set(id, tenants);
    return rows;
  }
}

function idOf({ name, version }: RowTable): string {
  return `${version} ${name}`;
}
