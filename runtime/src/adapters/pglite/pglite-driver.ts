import { isPotterError, markEnded, PotterError } from "../../errors/index.js";
import {
  durabilityColumns,
  findWarnings,
  healthTimeout,
  latencySince,
  limitTime,
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
import type { StoreHealth } from "../../store/ports/index.js";
import { openDatabase, type PgliteDatabase, type PgliteResult, type PgliteSession } from "./database.js";
import { lockFolder } from "./folder-lock.js";
import { isUnprepared, PreparedStatements } from "./prepared-statements.js";

const medium = "PGlite";

/** Opens a database. Returns it with a function that closes it, unless others do. */
export interface PgliteSource {
  open(): Promise<{ readonly database: PgliteDatabase; close?(): Promise<void> }>;
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
  return { open: () => Promise.resolve({ database }) };
}

/** PostgreSQL within this process: one connection, on which PGlite lets one transaction run at a time. */
export class PgliteDriver implements SqlDriver {
  readonly name = "pglite";
  readonly prepares = true;
  readonly blocks = true;
  private readonly source: PgliteSource;
  private readonly prepared = new PreparedStatements();
  private opened: Awaited<ReturnType<PgliteSource["open"]>> | undefined;
  /** Running calls, with their reject functions. */
  private readonly waiting = new Map<Promise<unknown>, (error: unknown) => void>();

  constructor(source: PgliteSource) {
    this.source = source;
  }

  async start(): Promise<void> {
    this.opened = await this.source.open();
  }

  async stop(timeout = 10_000): Promise<void> {
    const { opened } = this;
    if (opened === undefined) return;
    this.opened = undefined;
    await this.settled(timeout);
    // Pending calls of PGlite never settle after it closes.
    for (const reject of this.waiting.values()) reject(notOpen());
    if (opened.close !== undefined) await opened.close();
    // Not awaited: another user of the database may hold a transaction.
    else void this.prepared.deallocate(opened.database).catch(() => {});
    this.prepared.forget();
  }

  async query(statement: SqlStatement, values: readonly SqlValue[]): Promise<readonly SqlRow[]> {
    return (await this.run(statement, values)).rows;
  }

  async execute(statement: SqlStatement, values: readonly SqlValue[], readers: SqlReaders): Promise<SqlResult> {
    return toResult(await this.run(statement, values, readers));
  }

  script(text: string): Promise<void> {
    return this.unlessStopped((database) => runScript(database, text));
  }

  transaction<T>(work: (session: SqlSession) => Promise<T>, { readOnly = false }: TransactionOptions = {}): Promise<T> {
    return this.unlessStopped(async (database) => {
      const transact = () => database.transaction((on) => this.within(on, readOnly, work));
      try {
        return await transact();
      } catch (error) {
        if (!isPotterError(error) || !isUnprepared(error.cause))
          throw isDatabaseError(error) ? toPotterError(error, medium) : error;
        this.prepared.forget();
        return transact();
      }
    });
  }

  private async within<T>(on: PgliteSession, readOnly: boolean, work: (session: SqlSession) => Promise<T>): Promise<T> {
    if (readOnly) await runScript(on, "SET TRANSACTION READ ONLY");
    const run = (statement: SqlStatement, values: readonly SqlValue[], readers?: SqlReaders) =>
      orPotterError(this.prepared.runWithin(on, statement, values, readers));
    return work({
      query: async (statement, values) => (await run(statement, values)).rows,
      execute: async (statement, values, readers) => toResult(await run(statement, values, readers)),
      script: (text) => runScript(on, text),
    });
  }

  async health(): Promise<StoreHealth> {
    const began = performance.now();
    try {
      const [row = {}] = await limitTime(healthTimeout, this.query({ text: `SELECT ${durabilityColumns}` }, []));
      return { reachable: true, latency: latencySince(began), warnings: findWarnings(row) };
    } catch (error) {
      return { reachable: false, error: (error as Error).message, warnings: [] };
    }
  }

  private run(
    statement: SqlStatement,
    values: readonly SqlValue[],
    readers?: SqlReaders,
  ): Promise<PgliteResult<SqlRow>> {
    return this.unlessStopped((database) => orPotterError(this.prepared.run(database, statement, values, readers)));
  }

  /** Runs work on the database. Rejects if the work has not ended when the driver stops. */
  private unlessStopped<T>(work: (database: PgliteDatabase) => Promise<T>): Promise<T> {
    const { opened } = this;
    if (opened === undefined) return Promise.reject(notOpen());
    return new Promise((resolve, reject) => {
      const running = work(opened.database);
      this.waiting.set(running, reject);
      const end = () => this.waiting.delete(running);
      running.then(
        (result) => {
          end();
          resolve(result);
        },
        (error: unknown) => {
          end();
          reject(error);
        },
      );
    });
  }

  /** Resolves when no call runs, or after `timeout` milliseconds. */
  private async settled(timeout: number): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise((resolve) => {
      timer = setTimeout(resolve, timeout);
    });
    await Promise.race([Promise.allSettled(this.waiting.keys()), late]);
    clearTimeout(timer);
  }
}

function notOpen(): PotterError {
  const message = `${medium} is not open: the store was not started, or has stopped`;
  return markEnded(new PotterError("unavailable", message, { confidential: true }));
}

async function orPotterError<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw toPotterError(error, medium);
  }
}

function toResult({ rows, affectedRows = 0 }: PgliteResult<SqlRow>): SqlResult {
  return { rows, count: affectedRows };
}

async function runScript(on: PgliteSession, text: string): Promise<void> {
  await orPotterError(on.exec(text));
}

/** Whether BEGIN or COMMIT threw the error, and not the work of the transaction. */
function isDatabaseError(error: unknown): boolean {
  return !isPotterError(error) && error instanceof Error && "severity" in error;
}
