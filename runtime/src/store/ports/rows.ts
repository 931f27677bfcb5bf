import type { AnyCodec } from "../../message/index.js";

/** Where the rows of one version of one read model are kept. */
export interface RowTable {
  /** Full name of the read model's message. */
  readonly name: string;
  readonly version: number;
  /** Which build of the version. Default 1. */
  readonly generation?: number;
  readonly codec: AnyCodec;
}

/** Names a row within a table. */
export interface RowKey {
  readonly tenant: string;
  readonly key: string;
}

/** A value of a field that rows are filtered by. */
export type RowValue = string | number | bigint | boolean;

/**
 * One condition on a top-level field of a simple type. All of a query's conditions hold. Text is compared by code
 * units of UTF-8, false comes before true, numbers compare by value whatever their type. A field that is absent,
 * NaN or of another kind than the value meets no condition but `ne`.
 */
export interface RowCondition {
  /** Name of the field in the proto. */
  readonly field: string;
  readonly op: "eq" | "ne" | "lt" | "lte" | "gt" | "gte" | "in";
  readonly value: RowValue | readonly RowValue[];
}

export interface RowScan {
  readonly conditions: readonly RowCondition[];
  /** Only rows whose key is greater, compared by code units of UTF-8. */
  readonly after?: string;
  readonly limit: number;
}

/** The port of stores that keep rows of read models, to read. Keys are text; rows come and go as messages of the table's codec. */
export interface RowReader {
  get(table: RowTable, tenant: string, key: string): Promise<unknown>;
  /** In the order of keys. */
  scan(
    table: RowTable,
    tenant: string,
    scan: RowScan,
  ): Promise<readonly { readonly key: string; readonly row: unknown }[]>;
  count(table: RowTable, tenant: string, conditions: readonly RowCondition[]): Promise<number>;
}

/**
 * Rows within one transaction: what it has written, it reads. A row that it read cannot be changed by another
 * transaction until it ends.
 */
export interface RowTransaction extends Pick<RowReader, "get"> {
  put(table: RowTable, tenant: string, key: string, row: unknown): Promise<void>;
  delete(table: RowTable, tenant: string, key: string): Promise<void>;
  /** Which of these rows `get` would have to ask the database for. */
  missing(table: RowTable, keys: readonly RowKey[]): readonly RowKey[];
  /** Reads rows ahead, all at once, for later `get`s. */
  prefetch(table: RowTable, keys: readonly RowKey[]): Promise<void>;
  /** Runs work, and takes back what it has changed if it fails. One at a time. */
  attempt<T>(work: () => Promise<T>): Promise<T>;
}
