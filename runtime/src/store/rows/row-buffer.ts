import { checkSize, checkTenant, checkText, maxTextBytes } from "../checks/index.js";
import type { RowKey, RowsInMemory, RowTable, RowTransaction } from "../ports/index.js";
import { toStoredFields } from "./due.js";
import type { RowFields } from "./row-fields.js";

/** A row as it is stored: its message, and the fields for conditions. */
export interface EncodedRow {
  /** The encoded message. */
  readonly bytes: Uint8Array;
  /** The values of its fields that conditions can refer to. */
  readonly fields: RowFields;
}

/** The last change of a row in a transaction. */
export interface RowChange {
  /** The table that has the row. */
  readonly table: RowTable;
  /** Tenant of the row; the empty string where there are no tenants. */
  readonly tenant: string;
  /** Key of the row, as text. */
  readonly key: string;
  /** undefined: the row is deleted. */
  readonly row: EncodedRow | undefined;
}

/** Reads rows from the store, in the order of the keys; undefined where there is none. */
export type ReadRows = (table: RowTable, keys: readonly RowKey[]) => Promise<readonly (Uint8Array | undefined)[]>;

/**
 * Returns the bytes of a row that the caller of the transaction knows already, `bytes: undefined` if it knows that there is none;
 * undefined: the row has to be read. `tableKey` and `rowKey` are keys as in `known` of the buffer.
 */
export type RecallRow = (
  tableKey: string,
  rowKey: string,
  table: RowTable,
  tenant: string,
  key: string,
) => { readonly bytes: Uint8Array | undefined } | undefined;

/** A row as the transaction has read or changed it. */
export interface KnownRow extends RowChange {
  /** The message that was read or put; undefined: there is no row. */
  readonly bytes: Uint8Array | undefined;
  /** Whether the transaction has changed it. */
  readonly changed: boolean;
}

/**
 * A transaction that buffers its changes until the store writes them in one call: nothing has to be undone when it fails, and any
 * number of rows takes one round trip. No row is read twice.
 */
export class RowBuffer implements RowTransaction {
  private readonly read: ReadRows;
  private readonly recall: RecallRow | undefined;
  private readonly tables = new Map<string, Map<string, KnownRow>>();
  /** The table that was used last, with its rows: most transactions use one. */
  private last: { readonly table: RowTable; readonly id: string; readonly rows: Map<string, KnownRow> } | undefined;
  private memory: RowsInMemory | undefined;
  /** Steps that undo the changes of the current attempt. An object, so that subclasses share it. */
  private readonly undo: { steps?: (() => void)[] | undefined } = {};

  /** `recall`: finds rows that need not be read. */
  constructor(read: ReadRows, recall?: RecallRow) {
    this.read = read;
    this.recall = recall;
  }

  /** The rows that are known, without promises. */
  get inMemory(): RowsInMemory | undefined {
    this.memory ??= {
      find: (table, tenant, key) => {
        const known = this.find(table, tenant, key);
        return known && { row: known.bytes && table.codec.decode(known.bytes) };
      },
      put: (table, tenant, key, row) => this.putNow(table, tenant, key, row),
      delete: (table, tenant, key) => this.deleteNow(table, tenant, key),
    };
    return this.memory;
  }

  /** All rows that were read or changed, by the id of their table and their own. */
  get known(): ReadonlyMap<string, ReadonlyMap<string, KnownRow>> {
    return this.tables;
  }

  /** The last change of each row. */
  get changes(): readonly RowChange[] {
    return [...this.tables.values()].flatMap((rows) => [...rows.values()].filter(({ changed }) => changed));
  }

  /** Returns a row with the changes of this transaction, undefined if there is none. Each row is read once. */
  async get(table: RowTable, tenant: string, key: string): Promise<unknown> {
    let known = this.find(table, tenant, key);
    if (known === undefined) {
      await this.prefetch(table, [{ tenant, key }]);
      known = this.find(table, tenant, key);
    }
    return known?.bytes && table.codec.decode(known.bytes);
  }

  /** Returns the keys that `get` would have to read from the store. */
  missing(table: RowTable, keys: readonly RowKey[]): readonly RowKey[] {
    return keys.filter(({ tenant, key }) => this.find(table, tenant, key) === undefined);
  }

  /** Reads rows in one call, for later `get`s. */
  async prefetch(table: RowTable, keys: readonly RowKey[]): Promise<void> {
    const missing = this.missing(table, keys);
    if (missing.length === 0) return;
    const found = await this.read(table, missing);
    for (const [i, { tenant, key }] of missing.entries()) {
      // The row was written meanwhile.
      if (this.find(table, tenant, key) !== undefined) continue;
      this.note(table, tenant, key, found[i]);
    }
  }

  /** Encodes a row at once and buffers it. Rejects with `invalid_argument` for a key or row that is too large. */
  async put(table: RowTable, tenant: string, key: string, row: unknown): Promise<void> {
    this.putNow(table, tenant, key, row);
  }

  /** Buffers the deletion of a row. */
  async delete(table: RowTable, tenant: string, key: string): Promise<void> {
    this.deleteNow(table, tenant, key);
  }

  /** Runs work and undoes its changes if it fails. Calls may be nested, and must not overlap otherwise. */
  async attempt<T>(work: () => Promise<T>): Promise<T> {
    const outer = this.undo.steps;
    const undo: (() => void)[] = [];
    this.undo.steps = undo;
    try {
      const result = await work();
      outer?.push(...undo);
      return result;
    } catch (error) {
      for (const step of undo.reverse()) step();
      throw error;
    } finally {
      this.undo.steps = outer;
    }
  }

  /** Notes how to undo something else that belongs to the current attempt. */
  protected onUndo(step: () => void): void {
    this.undo.steps?.push(step);
  }

  private putNow(table: RowTable, tenant: string, key: string, row: unknown): void {
    // Encoded at once: the caller may change its message afterwards.
    const bytes = table.codec.encode(row);
    checkTenant(tenant);
    checkText(`the key of a row of ${table.name}`, key, maxTextBytes.rowKey);
    checkSize(`the row of ${table.name}`, bytes);
    this.keep({
      table,
      tenant,
      key,
      bytes,
      row: { bytes, fields: toStoredFields(table, row) },
      changed: true,
    });
  }

  private deleteNow(table: RowTable, tenant: string, key: string): void {
    this.keep({ table, tenant, key, bytes: undefined, row: undefined, changed: true });
  }

  private find(table: RowTable, tenant: string, key: string): KnownRow | undefined {
    const rows = this.rowsOf(table);
    const id = rowId(tenant, key);
    const known = rows.get(id);
    if (known !== undefined || this.recall === undefined) return known;
    const recalled = this.recall(this.last?.id ?? tableId(table), id, table, tenant, key);
    return recalled && this.note(table, tenant, key, recalled.bytes);
  }

  private note(table: RowTable, tenant: string, key: string, bytes: Uint8Array | undefined): KnownRow {
    const known = { table, tenant, key, row: undefined, bytes, changed: false };
    this.rowsOf(table).set(rowId(tenant, key), known);
    return known;
  }

  private keep(known: KnownRow): void {
    const rows = this.rowsOf(known.table);
    const id = rowId(known.tenant, known.key);
    if (this.undo.steps !== undefined) {
      const before = rows.get(id);
      this.undo.steps.push(() => (before === undefined ? rows.delete(id) : rows.set(id, before)));
    }
    rows.set(id, known);
  }

  private rowsOf(table: RowTable): Map<string, KnownRow> {
    if (this.last?.table === table) return this.last.rows;
    const id = tableId(table);
    const rows = this.tables.get(id) ?? new Map<string, KnownRow>();
    this.tables.set(id, rows);
    this.last = { table, id, rows };
    return rows;
  }
}

/** Kept, since engines hash a new string for each look-up. */
const tableIds = new WeakMap<Omit<RowTable, "codec">, string>();

/** The key of a table in maps. */
export function tableId(table: Omit<RowTable, "codec">): string {
  let id = tableIds.get(table);
  if (id === undefined) {
    const { name, version, generation = 1 } = table;
    id = `${version}.${generation} ${name}`;
    tableIds.set(table, id);
  }
  return id;
}

/** The key of a row in the maps of its table. */
export function rowId(tenant: string, key: string): string {
  return tenant === "" ? `0 ${key}` : `${tenant.length} ${tenant}${key}`;
}
