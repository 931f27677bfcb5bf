import type { RowTable } from "../ports/index.js";
import { type ReadRows, type RecallRow, type RowChange, tableId } from "./row-buffer.js";

/** Where a row is, or would be. */
export type RowPlace = Pick<RowChange, "table" | "tenant" | "key">;

/** A row that was read: its bytes, undefined if there was none. */
export interface RowRead extends RowPlace {
  /** The encoded message; undefined: there was no row. */
  readonly bytes: Uint8Array | undefined;
}

/** A row that a transaction has read, or changed, or both. */
export interface UsedRow extends RowPlace {
  /** Identifies the row in maps. */
  readonly name: string;
  /** undefined: it was not read. */
  readonly read: RowRead | undefined;
  /** undefined: it does not change. */
  readonly change: RowChange | undefined;
}

/** Notes which rows a transaction reads, so that its changes can be written on condition that they are still the same. */
export class RowReads {
  /** The rows that were read, by their name. */
  readonly rows: Map<string, RowRead> = new Map();
  /** Whether a row was recalled instead of read, and so may have changed before the transaction. */
  hasRecalled = false;
  private readonly source: ReadRows;
  private readonly check: (names: readonly string[]) => void;
  private readonly memory: RecallRow | undefined;
  private readonly missing = new Set<string>();

  /** `check` is called with the names of rows before they are read or recalled, and may throw. */
  constructor(source: ReadRows, check: (names: readonly string[]) => void, memory?: RecallRow) {
    this.source = source;
    this.check = check;
    this.memory = memory;
  }

  /** Reads rows, for a `RowBuffer`. */
  readonly read: ReadRows = async (table, keys) => {
    const names = keys.map(({ tenant, key }) => rowName(table, tenant, key));
    this.check(names);
    const found = await this.source(table, keys);
    for (const [i, { tenant, key }] of keys.entries()) {
      this.rows.set(names[i] as string, { table, tenant, key, bytes: found[i] });
    }
    return found;
  };

  /** Recalls a row, for a `RowBuffer`. */
  readonly recall: RecallRow = (tableKey, row, table, tenant, key) => {
    const { memory, missing } = this;
    if (memory === undefined) return undefined;
    let found = memory(tableKey, row, table, tenant, key);
    if (found === undefined && missing.size === 0) return undefined;
    const name = rowName(table, tenant, key);
    if (found === undefined && missing.has(name)) found = { bytes: undefined };
    if (found === undefined) return undefined;
    this.check([name]);
    this.hasRecalled = true;
    this.rows.set(name, { table, tenant, key, bytes: found.bytes });
    return found;
  };

  /** Recalls that there is no such row, as long as rows may be recalled. */
  expectMissing(table: RowTable, tenant: string, key: string): void {
    if (this.memory !== undefined) this.missing.add(rowName(table, tenant, key));
  }

  /** All rows that were read, and those that change. */
  with(changes: readonly RowChange[]): readonly UsedRow[] {
    const byName = new Map<string, UsedRow>();
    for (const [name, read] of this.rows) {
      const { table, tenant, key } = read;
      byName.set(name, { name, table, tenant, key, read, change: undefined });
    }
    for (const change of changes) {
      const { table, tenant, key } = change;
      const name = rowName(table, tenant, key);
      byName.set(name, { name, table, tenant, key, read: byName.get(name)?.read, change });
    }
    return [...byName.values()];
  }
}

/** Identifies a row in maps. */
export function rowName(table: RowTable, tenant: string, key: string): string {
  return `${tableId(table)} ${tenant.length} ${tenant}${key}`;
}
