import { PotterError } from "../../errors/index.js";

/** Parsers of values in text format, by the OID of their type. */
export interface PgliteQuery {
  /** A function from the text of a value to the value, by the OID of its type. Default: PGlite's own parsers. */
  readonly parsers?: { readonly [oid: number]: (text: string) => unknown };
}

/** The result of one statement. */
export interface PgliteResult<T> {
  /** The rows that the statement returns. */
  rows: T[];
  /** How many rows it has inserted, updated or deleted. */
  affectedRows?: number;
}

/** Runs statements: the database, or a transaction of it. */
export interface PgliteSession {
  /** Runs one statement with bound values. */
  // biome-ignore lint/suspicious/noExplicitAny: PGlite's own types say the same, and these must take them
  query<T>(text: string, values?: any[], options?: PgliteQuery): Promise<PgliteResult<T>>;
  /** Runs one or several statements without bound values. */
  // biome-ignore lint/suspicious/noExplicitAny: PGlite's own types say `{ [key: string]: any }`, and these must take them
  exec(text: string, options?: PgliteQuery): Promise<PgliteResult<any>[]>;
}

/**
 * The part of PGlite that the store uses. A structural type, since the package's own types do not compile without
 * `skipLibCheck`.
 */
export interface PgliteDatabase extends PgliteSession {
  /** Runs `work` in a transaction, and rolls it back if `work` rejects. */
  transaction<T>(work: (session: PgliteSession) => Promise<T>): Promise<T>;
  /** Closes the database. */
  close(): Promise<void>;
}

/** Creates or opens a database; in memory without a folder. */
export async function openDatabase(folder: string | undefined): Promise<PgliteDatabase> {
  // Not a literal, so that the compiler does not require the types of an optional package.
  const driver: string = "@electric-sql/pglite";
  let create: (folder?: string) => Promise<PgliteDatabase>;
  try {
    const { PGlite } = await import(driver);
    create = (path) => PGlite.create(path);
  } catch (error) {
    throw new PotterError(
      "failed_precondition",
      `the embedded store needs the package ${driver}: npm install ${driver}`,
      { cause: error },
    );
  }
  try {
    return await create(folder);
  } catch (error) {
    const where = folder === undefined ? "in memory" : `in ${folder}`;
    throw new PotterError("failed_precondition", `the database ${where} cannot be opened; it may be damaged`, {
      cause: error,
    });
  }
}
