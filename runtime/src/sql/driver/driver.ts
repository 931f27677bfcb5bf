import type { StoreHealth } from "../../store/ports/index.js";
import type { SqlArray } from "./sql-array.js";

/** A value to bind. Numbers and bigints go as they are written in decimal. */
export type SqlValue = string | number | bigint | boolean | null | Uint8Array | SqlArray | readonly SqlValue[];

/** A statement with `$1`, `$2`, …. With a name, a driver may prepare it once for each connection. */
export interface SqlStatement {
  readonly name?: string;
  readonly text: string;
  /** Running it twice does no harm: a driver may send it again when the connection was lost before the answer came. */
  readonly repeatable?: boolean;
}

/**
 * A row by column: text as string, numbers as number (or what `Number()` takes), bytea as Uint8Array, jsonb as
 * the value it stands for, arrays of numbers as such.
 */
export type SqlRow = Readonly<Record<string, unknown>>;

/** What a statement has done. */
export interface SqlResult {
  readonly rows: readonly SqlRow[];
  /** How many rows it has inserted, changed or deleted. */
  readonly count: number;
}

/** How the text of a value is read, by the OID of its type. A type that is not named comes as its text. */
export type SqlReaders = ReadonlyMap<number, (text: string) => unknown>;

/** One connection, or whichever is free. Errors of the database arrive as PotterErrors, see {@link toPotterError}. */
export interface SqlSession {
  query(statement: SqlStatement, values: readonly SqlValue[]): Promise<readonly SqlRow[]>;
  /** The same for statements that are not the store's own: with the number of rows, and values read as the caller says. */
  execute(statement: SqlStatement, values: readonly SqlValue[], readers: SqlReaders): Promise<SqlResult>;
  /** Runs statements without values, parted by semicolons. */
  script(text: string): Promise<void>;
}

export interface TransactionOptions {
  /** The transaction may only read: the database refuses whatever would write. */
  readonly readOnly?: boolean;
  /** The whole may run twice without harm: a driver may begin again when the connection was lost. */
  readonly repeatable?: boolean;
}

/** What a driver of PostgreSQL must be able to do for the stores of this room. Nothing else is known of it. */
export interface SqlDriver extends SqlSession {
  /** Name of the medium, for messages: `postgres`. */
  readonly name: string;
  /**
   * Grows whenever a connection is lost: another server may have the place of the one before, and not all that it had. Absent:
   * there is but one.
   */
  readonly losses?: number;
  /** How long a call may wait until it is sent, in milliseconds. Absent: for ever. */
  readonly patience?: number;
  /** How the database is, and how busy. Never throws. */
  health?(): Promise<StoreHealth>;
  /** Connects; throws when it cannot. */
  start(): Promise<void>;
  /** Lets running work end, for at most `timeout` milliseconds (default 10 s), then disconnects. What still waits is rejected with `unavailable`. */
  stop(timeout?: number): Promise<void>;
  /** Runs work in one transaction, READ COMMITTED, on one connection. Rolls back and rethrows what it throws. */
  transaction<T>(work: (session: SqlSession) => Promise<T>, options?: TransactionOptions): Promise<T>;
  /**
   * Absent: there is no server that follows the primary. Runs a read there, if it has come as far as `lsn` in the
   * primary's log. undefined: it has not, or it failed; ask the primary.
   */
  queryReplica?(
    lsn: string,
    statement: SqlStatement,
    values: readonly SqlValue[],
  ): Promise<readonly SqlRow[] | undefined>;
}
