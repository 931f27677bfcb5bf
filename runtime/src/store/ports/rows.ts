import type { AnyCodec } from "../../message/index.js";

/** Identifies the table of one build of a read model. */
export interface RowTable {
  /** Full name of the read model's message. */
  readonly name: string;
  /** Version of the projection. */
  readonly version: number;
  /** Number of the build of this version. Default 1. */
  readonly generation?: number;
  /** Codec of the rows. */
  readonly codec: AnyCodec;
  /**
   * Name in the proto of a top-level integer field with the time at which a row is due, in milliseconds since 1970 by the store's
   * clock; 0 or absent: never. It has an index, see {@link RowStore.due}. Fixed for a version of a table.
   */
  readonly due?: string;
}

/** Identifies a row within a table. */
export interface RowKey {
  /** Tenant of the row; the empty string where there are no tenants. */
  readonly tenant: string;
  /** Key of the row, as text. */
  readonly key: string;
}

/** A value that rows are filtered by. */
export type RowValue = string | number | bigint | boolean;

/**
 * A condition on a top-level field of a scalar or enum type. All conditions of a query must hold. Text is compared by UTF-8 code
 * units, false is less than true, numbers compare by value across types. A field that is absent, NaN or of another kind than
 * the value meets only `ne`.
 */
export interface RowCondition {
  /** Name of the field in the proto. */
  readonly field: string;
  /** How the field is compared with the value; `in`: it equals one of several. */
  readonly op: "eq" | "ne" | "lt" | "lte" | "gt" | "gte" | "in";
  /** The value to compare with; for `in`, a list of values. */
  readonly value: RowValue | readonly RowValue[];
}

/** Selects rows of a table. */
export interface RowScan {
  /** Conditions that all must hold. Empty: all rows. */
  readonly conditions: readonly RowCondition[];
  /** Only rows whose key is greater, compared by code units of UTF-8. */
  readonly after?: string;
  /** The most rows to return. */
  readonly limit: number;
}

/** The port that reads rows of read models. Keys are text; rows are messages of the table's codec. */
export interface RowReader {
  /** Returns a row, undefined if there is none. */
  get(table: RowTable, tenant: string, key: string): Promise<unknown>;
  /** Returns rows in the order of their keys. */
  scan(
    table: RowTable,
    tenant: string,
    scan: RowScan,
  ): Promise<readonly { readonly key: string; readonly row: unknown }[]>;
  /** Returns the number of rows that meet the conditions. */
  count(table: RowTable, tenant: string, conditions: readonly RowCondition[]): Promise<number>;
}

/** Rows of a transaction that are in memory: the same as its methods do, without a promise for each row. */
export interface RowsInMemory {
  /** A row that needs no read, with the changes of the transaction, `row: undefined` if there is none; undefined: it has to be read. */
  find(table: RowTable, tenant: string, key: string): { readonly row: unknown } | undefined;
  /** Creates or replaces a row. Throws `invalid_argument` for a key or row that is too large. */
  put(table: RowTable, tenant: string, key: string, row: unknown): void;
  /** Deletes a row; does nothing if it does not exist. */
  delete(table: RowTable, tenant: string, key: string): void;
}

/**
 * Rows within one transaction, which reads its own writes. If another transaction changes a row that this one has read, this one
 * is not committed; most stores let the other wait instead.
 */
export interface RowTransaction extends Pick<RowReader, "get"> {
  /** It holds no connection and no locks, so other calls of the store may be awaited within it. */
  readonly isDetached?: true;
  /**
   * Its rows that are in memory. Absent: handlers use the methods of the transaction. Who wraps `get` or `put` of a transaction must
   * wrap or remove this too.
   */
  readonly inMemory?: RowsInMemory | undefined;
  /**
   * Says that there is probably no such row, so that `get` need not read it: the changes are committed only if there is none, otherwise the
   * transaction runs again. Absent where that would save nothing.
   */
  expectMissing?(table: RowTable, tenant: string, key: string): void;
  /** Creates or replaces a row. Rejects with `invalid_argument` for a key or row that is too large. */
  put(table: RowTable, tenant: string, key: string, row: unknown): Promise<void>;
  /** Deletes a row; does nothing if it does not exist. */
  delete(table: RowTable, tenant: string, key: string): Promise<void>;
  /** Returns the keys that `get` would have to read from the database. */
  missing(table: RowTable, keys: readonly RowKey[]): readonly RowKey[];
  /** Reads rows in one call, for later `get`s. */
  prefetch(table: RowTable, keys: readonly RowKey[]): Promise<void>;
  /** Runs work and undoes its changes if it fails. Calls may be nested, and must not overlap otherwise. */
  attempt<T>(work: () => Promise<T>): Promise<T>;
}
