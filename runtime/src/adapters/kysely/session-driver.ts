import type { CompiledQuery, DatabaseConnection, Driver, QueryResult, TransactionSettings } from "kysely";
import { PotterError } from "../../errors/index.js";
import type { SqlDriver, SqlResult, SqlSession } from "../../sql/index.js";
import { readers } from "./readers.js";
import { toSqlValue } from "./values.js";

/** Runs a query that Kysely has compiled. */
export type RunQuery = (query: CompiledQuery) => Promise<SqlResult>;

/** Runs queries on a session. */
export function runOn(session: SqlSession): RunQuery {
  return ({ sql, parameters }) => session.execute({ text: sql }, parameters.map(toSqlValue), readers);
}

/** An implementation of Kysely's connection. */
export class RunConnection implements DatabaseConnection {
  private readonly run: RunQuery;

  constructor(run: RunQuery) {
    this.run = run;
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const { rows, count } = await this.run(query);
    return { rows: rows as R[], numAffectedRows: BigInt(count) };
  }

  // biome-ignore lint/correctness/useYield: there is nothing to yield
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new PotterError("unimplemented", "rows cannot be streamed here: ask for them page by page");
  }
}

/** A transaction with separate begin and end calls, on top of one that runs a function. */
interface OpenTransaction {
  readonly session: SqlSession;
  end(commit: boolean): Promise<void>;
}

/** The connections of a store, or one session of it. Transactions require a driver. */
export class SessionDriver implements Driver {
  private readonly session: SqlSession;
  private readonly driver: SqlDriver | undefined;
  private readonly open = new WeakMap<DatabaseConnection, OpenTransaction>();

  constructor(session: SqlSession | SqlDriver) {
    this.session = session;
    this.driver = "transaction" in session ? session : undefined;
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<DatabaseConnection> {
    const connection: RunConnection = new RunConnection((query) =>
      runOn(this.open.get(connection)?.session ?? this.session)(query),
    );
    return connection;
  }

  async beginTransaction(connection: DatabaseConnection, settings: TransactionSettings): Promise<void> {
    if (this.driver === undefined) {
      throw new PotterError("failed_precondition", "this runs in a transaction already, which ends by itself");
    }
    const transaction = await openTransaction(this.driver);
    this.open.set(connection, transaction);
    const mode = toMode(settings);
    if (mode !== "") await transaction.session.script(`SET TRANSACTION ${mode}`);
  }

  commitTransaction(connection: DatabaseConnection): Promise<void> {
    return this.end(connection, true);
  }

  rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    return this.end(connection, false);
  }

  async releaseConnection(): Promise<void> {}

  async destroy(): Promise<void> {}

  private async end(connection: DatabaseConnection, commit: boolean): Promise<void> {
    const transaction = this.open.get(connection);
    this.open.delete(connection);
    await transaction?.end(commit);
  }
}

const levels = new Set(["read uncommitted", "read committed", "repeatable read", "serializable"]);

function toMode({ isolationLevel, accessMode }: TransactionSettings): string {
  if (isolationLevel !== undefined && !levels.has(isolationLevel)) {
    throw new PotterError("invalid_argument", `PostgreSQL has no isolation level "${isolationLevel}"`);
  }
  const access = accessMode === undefined ? "" : accessMode === "read only" ? "READ ONLY" : "READ WRITE";
  return [isolationLevel && `ISOLATION LEVEL ${isolationLevel}`, access].filter(Boolean).join(" ");
}

const rolledBack = Symbol("rolled back");

async function openTransaction(driver: SqlDriver): Promise<OpenTransaction> {
  let settle: (commit: boolean) => void = () => {};
  const ending = new Promise<boolean>((resolve) => {
    settle = resolve;
  });
  let begun: (session: SqlSession) => void = () => {};
  const beginning = new Promise<SqlSession>((resolve) => {
    begun = resolve;
  });
  const ended = driver
    .transaction(async (session) => {
      begun(session);
      if (!(await ending)) throw rolledBack;
    })
    .catch((error: unknown) => {
      if (error !== rolledBack) throw error;
    });
  // A transaction that failed to begin has ended.
  const session = await Promise.race([beginning, ended.then(() => beginning)]);
  return {
    session,
    end(commit) {
      settle(commit);
      return ended;
    },
  };
}
