import type { StoreHealth } from "../../store/ports/index.js";
import type { SqlArray } from "./sql-array.js";

/** A value to bind. Numbers and bigints are sent in decimal notation. */
export type SqlValue = string | number | bigint | boolean | null | Uint8Array | SqlArray | readonly SqlValue[];

/** A statement with `$1`, `$2`, …. A driver may prepare a named statement once per connection. */
export interface SqlStatement {
  readonly name?: string;
  readonly text: string;
  /**
   * The statement is safe to run twice: a driver may send it again when the connection was lost before the response.
   */
  readonly repeatable?: boolean;
}

/**
 * A row by column name: text as string, numbers as number (or a value that `Number()` accepts), bytea as Uint8Array,
 * jsonb as its parsed value, arrays of numbers as arrays.
 */
export type SqlRow = Readonly<Record<string, unknown>>;

/** The result of a statement. */
export interface SqlResult {
  readonly rows: readonly SqlRow[];
  /** Number of rows inserted, updated or deleted. */
  readonly count: number;
}

/** Parsers of values in text format, by the OID of their type. Values of other types are returned as text. */
export type SqlReaders = ReadonlyMap<number, (text: string) => unknown>;

/**
 * A connection, or the pool of connections. Errors of the database are thrown as PotterErrors, see {@link
 * toPotterError}.
 */
export interface SqlSession {
  query(statement: SqlStatement, values: readonly SqlValue[]): Promise<readonly SqlRow[]>;
  /** Runs a statement of the user: returns the number of rows, and parses values with the caller's readers. */
  execute(statement: SqlStatement, values: readonly SqlValue[], readers: SqlReaders): Promise<SqlResult>;
  /** Runs statements without values, separated by semicolons. */
  script(text: string): Promise<void>;
}

export interface TransactionOptions {
  /** The transaction is read-only: the database refuses writes. */
  readonly readOnly?: boolean;
  /** The transaction is safe to run twice: a driver may restart it when the connection was lost. */
  readonly repeatable?: boolean;
}

/** What the SQL stores need of a PostgreSQL driver. */
export interface SqlDriver extends SqlSession {
  /** Name for messages, such as `postgres`. */
  readonly name: string;
  /**
   * Number of lost connections so far. After a loss, another server may respond that lacks some of the data. Absent:
   * connections cannot be lost.
   */
  readonly losses?: number;
  /** Whether named statements are prepared once. If not, each call is parsed and planned, which functions save. */
  readonly prepares: boolean;
  /**
   * Whether a call blocks the event loop until it has ended. Callers that are ready at the same time then make their calls one
   * after the other, unless these are collected before the first is sent. Default: false.
   */
  readonly blocks?: boolean;
  /** How long a call may wait until it is sent, in milliseconds. Absent: no limit. */
  readonly patience?: number;
  /** Reports whether the database is reachable and how its connections are used. Never throws. */
  health(): Promise<StoreHealth>;
  /** Connects. Throws when the database is not reachable. */
  start(): Promise<void>;
  /**
   * Waits for running work, for at most `timeout` milliseconds (default 10 000), then disconnects and rejects calls
   * that still wait with `unavailable`.
   */
  stop(timeout?: number): Promise<void>;
  /** Runs work in one READ COMMITTED transaction on one connection. Rolls back when it throws, and rethrows. */
  transaction<T>(work: (session: SqlSession) => Promise<T>, options?: TransactionOptions): Promise<T>;
  /**
   * Reads from a replica that has replayed the log of the primary up to `lsn`. undefined: it has not, or it failed;
   * read from the primary. Absent: there is no replica.
   */
  queryReplica?(
    lsn: string,
    statement: SqlStatement,
    values: readonly SqlValue[],
  ): Promise<readonly SqlRow[] | undefined>;
}
