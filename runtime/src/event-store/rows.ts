import type { AnyCodec } from "../message/index.js";

/** Where the rows of one version of one read model are kept. */
export interface RowTable {
  /** Full name of the read model's message. */
  readonly name: string;
  readonly version: number;
  readonly codec: AnyCodec;
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

/** Rows of read models, to read. Keys are text; rows come and go as messages of the table's codec. */
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
}

/** How far a version of a projection has come. */
export interface Checkpoint {
  readonly name: string;
  readonly version: number;
  /** All events up to this position are applied. */
  readonly position: number;
  /** building: catches up beside the live version. live: answers queries. retired: replaced. */
  readonly state: "building" | "live" | "retired";
}

/** The port of stores that keep read models: rows and checkpoints change in one transaction. */
export interface RowStore extends RowReader {
  /**
   * Makes sure the version is known: the first version of a name is live at once, a later one is building. What
   * is known already stays as it is.
   */
  register(name: string, version: number): Promise<Checkpoint>;
  /** The live version of a projection; undefined if it was never registered. */
  live(name: string): Promise<Checkpoint | undefined>;
  /**
   * Runs `apply` and moves the checkpoint in one transaction. false: another worker has moved it, and nothing was
   * written. `apply` may run again when the database asks for it, so it must have no effect but on the rows; it
   * must not wait for other work of the same store.
   */
  commit(
    move: { readonly name: string; readonly version: number; readonly from: number; readonly to: number },
    apply: (transaction: RowTransaction) => Promise<void>,
  ): Promise<boolean>;
  /** Makes a version live and retires the one that was. Fails for a version that was never registered. */
  promote(name: string, version: number): Promise<void>;
}
