import pg from "pg";
import { PotterError } from "../../errors/index.js";
import {
  type SqlDriver,
  type SqlReaders,
  type SqlResult,
  type SqlRow,
  type SqlSession,
  type SqlStatement,
  type SqlValue,
  toPotterError,
} from "../../sql/index.js";
import { describeTarget, type PostgresOptions } from "./options.js";
import { readBy, types } from "./types.js";

const medium = "PostgreSQL";

/** Connections to a PostgreSQL server. */
export class PostgresDriver implements SqlDriver {
  readonly name = "postgres";
  private readonly options: PostgresOptions;
  private pool: pg.Pool | undefined;

  constructor(options: PostgresOptions) {
    this.options = options;
  }

  async start(): Promise<void> {
    const { url, connections = 10, applicationName = "potter", startTimeout = 10_000 } = this.options;
    const pool = new pg.Pool({
      connectionString: url,
      max: connections,
      application_name: applicationName,
      connectionTimeoutMillis: startTimeout,
    });
    // A connection that breaks while nobody uses it is replaced by the pool; one in use fails its query.
    pool.on("error", () => {});
    pool.on("connect", (client) => client.on("error", () => {}));
    try {
      await this.connect(pool, performance.now() + startTimeout);
    } catch (error) {
      await pool.end();
      throw error;
    }
    this.pool = pool;
  }

  async stop(): Promise<void> {
    const { pool } = this;
    this.pool = undefined;
    await pool?.end();
  }

  query(statement: SqlStatement, values: readonly SqlValue[]): Promise<readonly SqlRow[]> {
    return run(this.connected(), statement, values);
  }

  execute(statement: SqlStatement, values: readonly SqlValue[], readers: SqlReaders): Promise<SqlResult> {
    return execute(this.connected(), statement, values, readers);
  }

  script(text: string): Promise<void> {
    return runScript(this.connected(), text);
  }

  async transaction<T>(work: (session: SqlSession) => Promise<T>): Promise<T> {
    const client = await this.connected()
      .connect()
      .catch((error: unknown) => {
        throw toPotterError(error, medium);
      });
    let broken = false;
    try {
      await runScript(client, "BEGIN ISOLATION LEVEL READ COMMITTED");
      const result = await work({
        query: (statement, values) => run(client, statement, values),
        execute: (statement, values, readers) => execute(client, statement, values, readers),
        script: (text) => runScript(client, text),
      });
      await runScript(client, "COMMIT");
      return result;
    } catch (error) {
      // Where even this fails, the connection is gone, and the transaction with it.
      await client.query("ROLLBACK").catch(() => {
        broken = true;
      });
      throw error;
    } finally {
      client.release(broken);
    }
  }

  private connected(): pg.Pool {
    if (this.pool === undefined)
      throw new PotterError("unavailable", `${medium} is not connected: the store was not started, or has stopped`);
    return this.pool;
  }

  /** Waits for a server that is still starting, or a network that is; not for a wrong password to become right. */
  private async connect(pool: pg.Pool, end: number): Promise<void> {
    for (let wait = 50; ; wait = Math.min(wait * 2, 1000)) {
      try {
        await run(pool, { text: "SELECT 1" }, []);
        return;
      } catch (error) {
        const target = describeTarget(this.options);
        const cause = error instanceof PotterError ? error.cause : error;
        const reason =
          cause instanceof Error ? cause.message || String((cause as { code?: unknown }).code) : String(cause);
        if (!(error instanceof PotterError) || error.code !== "unavailable") {
          throw new PotterError("failed_precondition", `${medium} at ${target} does not let us in: ${reason}`, {
            cause,
          });
        }
        if (performance.now() + wait > end) {
          throw new PotterError("unavailable", `${medium} at ${target} cannot be reached: ${reason}`, { cause });
        }
      }
      await new Promise((resolve) => setTimeout(resolve, wait));
    }
  }
}

async function run(
  on: pg.Pool | pg.PoolClient,
  statement: SqlStatement,
  values: readonly SqlValue[],
): Promise<readonly SqlRow[]> {
  try {
    return (await on.query({ ...statement, values: values as SqlValue[], types })).rows;
  } catch (error) {
    throw toPotterError(error, medium);
  }
}

async function execute(
  on: pg.Pool | pg.PoolClient,
  statement: SqlStatement,
  values: readonly SqlValue[],
  readers: SqlReaders,
): Promise<SqlResult> {
  try {
    const result = await on.query({ ...statement, values: values as SqlValue[], types: readBy(readers) });
    return { rows: result.rows, count: result.rowCount ?? 0 };
  } catch (error) {
    throw toPotterError(error, medium);
  }
}

async function runScript(on: pg.Pool | pg.PoolClient, text: string): Promise<void> {
  try {
    await on.query(text);
  } catch (error) {
    throw toPotterError(error, medium);
  }
}
