import { PotterError } from "../../errors/index.js";

/** Parsers of values in text format, by the OID of their type. */
export interface PgliteQuery {
  readonly parsers?: { readonly [oid: number]: (text: string) => unknown };
}

/** Runs statements: the database, or a transaction of it. */
export interface PgliteSession {
  // biome-ignore lint/suspicious/noExplicitAny: PGlite's own types say the same, and these must take them
  query<T>(text: string, values?: any[], options?: PgliteQuery): Promise<{ rows: T[]; affectedRows?: number }>;
  exec(text: string): Promise<unknown>;
}

/**
 * The part of PGlite that the store uses. A structural type, since the package's own types do not compile without
 * `skipLibCheck`.
 */
export interface PgliteDatabase extends PgliteSession {
  transaction<T>(work: (session: PgliteSession) => Promise<T>): Promise<T>;
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
