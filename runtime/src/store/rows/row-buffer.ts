import { checkSize, checkTenant, checkText, maxTextBytes } from "../checks/index.js";
import type { RowKey, RowTable, RowTransaction } from "../ports/index.js";
import { type RowFields, readFields } from "./row-fields.js";

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

/** Reads rows as they were before the transaction, in the order of the keys; undefined where there is none. */
export type ReadRows = (table: RowTable, keys: readonly RowKey[]) => Promise<readonly (Uint8Array | undefined)[]>;

/** What a transaction knows of a row: as it was read, or as it is to be. */
interface KnownRow extends RowChange {
  /** The message as it was read or put; undefined: there is none. */
  readonly bytes: Uint8Array | undefined;
  readonly changed: boolean;
}

/**
 * A transaction that keeps its changes to itself until its store takes them, all in one: nothing to undo when it
 * fails, and one round trip however many rows it changes. A row that it has read once is not read again.
 */
export class RowBuffer implements RowTransaction {
  private readonly read: ReadRows;
  private readonly tables = new Map<string, Map<string, KnownRow>>();
  /** Steps that take back what the attempt under way has changed. An object, which those who extend this one share. */
  private readonly undo: { steps?: (() => void)[] | undefined } = {};

  constructor(read: ReadRows) {
    this.read = read;
  }

  /** The last change of each row. */
  get changes(): readonly RowChange[] {
    return [...this.tables.values()].flatMap((rows) => [...rows.values()].filter(({ changed }) => changed));
  }

  async get(table: RowTable, tenant: string, key: string): Promise<unknown> {
    if (this.find(table, tenant, key) === undefined) await this.prefetch(table, [{ tenant, key }]);
    const bytes = this.find(table, tenant, key)?.bytes;
    return bytes && table.codec.decode(bytes);
  }

  missing(table: RowTable, keys: readonly RowKey[]): readonly RowKey[] {
    return keys.filter(({ tenant, key }) => this.find(table, tenant, key) === undefined);
  }

  async prefetch(table: RowTable, keys: readonly RowKey[]): Promise<void> {
    const missing = this.missing(table, keys);
    if (missing.length === 0) return;
    const found = await this.read(table, missing);
    for (const [i, { tenant, key }] of missing.entries()) {
      // Whoever wrote the row meanwhile knows better.
      if (this.find(table, tenant, key) !== undefined) continue;
      this.rowsOf(table).set(idOf(tenant, key), {
        table,
        tenant,
        key,
        row: undefined,
        bytes: found[i],
        changed: false,
      });
    }
  }

  async put(table: RowTable, tenant: string, key: string, row: unknown): Promise<void> {
    // Encoded at once: the caller may go on to change its message.
    const bytes = table.codec.encode(row);
    checkTenant(tenant);
    checkText(`the key of a row of ${table.name}`, key, maxTextBytes.rowKey);
    checkSize(`the row of ${table.name}`, bytes);
    this.keep({
      table,
      tenant,
      key,
      bytes,
      row: { bytes, fields: readFields(table.codec, row) },
      changed: true,
    });
  }

  async delete(table: RowTable, tenant: string, key: string): Promise<void> {
    this.keep({ table, tenant, key, bytes: undefined, row: undefined, changed: true });
  }

  /** Runs work, and takes back what it has changed if it fails. One at a time. */
  async attempt<T>(work: () => Promise<T>): Promise<T> {
    const undo: (() => void)[] = [];
    this.undo.steps = undo;
    try {
      return await work();
    } catch (error) {
      for (const step of undo.reverse()) step();
      throw error;
    } finally {
      this.undo.steps = undefined;
    }
  }

  private find(table: RowTable, tenant: string, key: string): KnownRow | undefined {
    return this.rowsOf(table).get(idOf(tenant, key));
  }

  private keep(known: KnownRow): void {
    const rows = this.rowsOf(known.table);
    const id = idOf(known.tenant, known.key);
    if (this.undo.steps !== undefined) {
      const before = rows.get(id);
      this.undo.steps.push(() => (before === undefined ? rows.delete(id) : rows.set(id, before)));
    }
    rows.set(id, known);
  }

  private rowsOf(table: RowTable): Map<string, KnownRow> {
    const id = tableId(table);
    const known = this.tables.get(id);
    if (known !== undefined) return known;
    const rows = new Map<string, KnownRow>();
    this.tables.set(id, rows);
    return rows;
  }
}

/** Under one name for each table. */
export function tableId({ name, version, generation = 1 }: Omit<RowTable, "codec">): string {
  return `${version}.${generation} ${name}`;
}

function idOf(tenant: string, key: string): string {
  return tenant === "" ? `0 ${key}` : `${tenant.length} ${tenant}${key}`;
}
