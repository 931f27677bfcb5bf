import { isPotterError, PotterError } from "../../errors/index.js";
import {
  SqlArray,
  type SqlDriver,
  type SqlReaders,
  type SqlResult,
  type SqlRow,
  type SqlSession,
  type SqlStatement,
  type SqlValue,
  type TransactionOptions,
  toPotterError,
} from "../../sql/index.js";
import { openDatabase, type PgliteDatabase, type PgliteSession } from "./database.js";
import { lockFolder } from "./folder-lock.js";

const medium = "PGlite";

/** Opens a database, and says how to close it. */
export interface PgliteSource {
  open(): Promise<{ readonly database: PgliteDatabase; close(): Promise<void> }>;
}

/** A database of its own: in a folder, or in memory without one. */
export function ownDatabase(folder: string | undefined): PgliteSource {
  return {
    async open() {
      const unlock = folder === undefined ? () => {} : lockFolder(folder);
      try {
        const database = await openDatabase(folder);
        const close = () => database.close().finally(unlock);
        return { database, close };
      } catch (error) {
        unlock();
        throw error;
      }
    },
  };
}

/** A database that the caller opened and will close. */
export function sharedDatabase(database: PgliteDatabase): PgliteSource {
  return { open: () => Promise.resolve({ database, close: () => Promise.resolve() }) };
}

/** PostgreSQL within this process: one connection, on which PGlite lets one transaction run at a time. */
export class PgliteDriver implements SqlDriver {
  readonly name = "pglite";
  private readonly source: PgliteSource;
  private opened: Awaited<ReturnType<PgliteSource["open"]>> | undefined;

  constructor(source: PgliteSource) {
    this.source = source;
  }

  async start(): Promise<void> {
    this.opened = await this.source.open();
  }

  async stop(): Promise<void> {
    const { opened } = this;
    this.opened = undefined;
    await opened?.close();
  }

  async query(statement: SqlStatement, values: readonly SqlValue[]): Promise<readonly SqlRow[]> {
    return run(this.database(), statement, values);
  }

  async execute(statement: SqlStatement, values: readonly SqlValue[], readers: SqlReaders): Promise<SqlResult> {
    return execute(this.database(), statement, values, readers);
  }

  async script(text: string): Promise<void> {
    return runScript(this.database(), text);
  }

  async transaction<T>(
    work: (session: SqlSession) => Promise<T>,
    { readOnly = false }: TransactionOptions = {},
  ): Promise<T> {
    try {
      return await this.database().transaction(async (session) => {
        if (readOnly) await runScript(session, "SET TRANSACTION READ ONLY");
        return work({
          query: (statement, values) => run(session, statement, values),
          execute: (statement, values, readers) => execute(session, statement, values, readers),
          script: (text) => runScript(session, text),
        });
      });
    } catch (error) {
      throw isDatabaseError(error) ? toPotterError(error, medium) : error;
    }
  }

  private database(): PgliteDatabase {
    if (this.opened === undefined)
      throw new PotterError("unavailable", `${medium} is not open: the store was not started, or has stopped`);
    return this.opened.database;
  }
}

async function run(on: PgliteSession, { text }: SqlStatement, values: readonly SqlValue[]): Promise<readonly SqlRow[]> {
  try {
    return (await on.query<SqlRow>(text, values.map(toParameter))).rows;
  } catch (error) {
    throw toPotterError(error, medium);
  }
}

async function execute(
  on: PgliteSession,
  { text }: SqlStatement,
  values: readonly SqlValue[],
  readers: SqlReaders,
): Promise<SqlResult> {
  try {
    const options = { parsers: Object.fromEntries(readers) };
    const { rows, affectedRows = 0 } = await on.query<SqlRow>(text, values.map(toParameter), options);
    return { rows, count: affectedRows };
  } catch (error) {
    throw toPotterError(error, medium);
  }
}

/** PGlite writes arrays itself, by the types of the parameters. */
function toParameter(value: SqlValue): unknown {
  return value instanceof SqlArray ? value.values : value;
}

async function runScript(on: PgliteSession, text: string): Promise<void> {
  try {
    await on.exec(text);
  } catch (error) {
    throw toPotterError(error, medium);
  }
}

/** What BEGIN and COMMIT throw, as against what the work of a transaction throws. */
function isDatabaseError(error: unknown): boolean {
  return !isPotterError(error) && error instanceof Error && "severity" in error;
}
