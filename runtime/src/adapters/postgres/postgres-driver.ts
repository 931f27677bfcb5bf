import { setTimeout as sleep } from "node:timers/promises";
import type pg from "pg";
import { isPotterError, markEnded, PotterError } from "../../errors/index.js";
import { fingerprint } from "../../message/index.js";
import {
  durabilityColumns,
  findWarnings,
  healthTimeout,
  isConnectionLost,
  isReadOnly,
  isStalePlan,
  isStarting,
  type LocalSettings,
  latencySince,
  limitTime,
  type SqlDriver,
  type SqlReaders,
  type SqlResult,
  type SqlRow,
  type SqlSession,
  type SqlStatement,
  type SqlValue,
  settingsQuery,
  type TimeLimits,
  type TransactionOptions,
  toLocalSettings,
} from "../../sql/index.js";
import type { ReplicaStats, StoreHealth } from "../../store/ports/index.js";
import {
  awaitServer,
  type Connections,
  type Hosts,
  medium,
  notConnected,
  openConnections,
  type PostgresOptions,
  toHosts,
} from "./connections/index.js";
import { Replica } from "./replica.js";
import { execute, run, runScript } from "./run-statement.js";

/** Connections to a PostgreSQL server. */
export class PostgresDriver implements SqlDriver {
  readonly name = "postgres";
  readonly queryReplica?: NonNullable<SqlDriver["queryReplica"]>;
  readonly prepares: boolean;
  readonly patience: number;
  losses = 0;
  private readonly options: PostgresOptions;
  private readonly hosts: Hosts;
  private readonly pooled: boolean;
  /** Settings of each transaction behind a pooler, where no session keeps them. */
  private local: LocalSettings = { statement: [], transaction: [] };
  private readonly named = new Map<string, SqlStatement>();
  private connections: Connections | undefined;
  private replica: Replica | undefined;

  constructor(options: PostgresOptions) {
    this.options = options;
    this.patience = options.connectTimeout ?? 10_000;
    this.hosts = toHosts(options.url, options.hosts);
    this.pooled = options.pooler === "transaction";
    this.prepares = options.statementCache ?? !this.pooled;
    if (options.replica !== undefined) {
      this.queryReplica = async (lsn, statement, values) =>
        this.replica?.read(lsn, (client) => run(client, this.toSent(statement), values));
    }
  }

  async start(): Promise<void> {
    const { startTimeout = 10_000, replica } = this.options;
    const lost = () => {
      this.losses++;
    };
    lost();
    const connections = openConnections(this.options, this.hosts, lost);
    try {
      await awaitServer(connections, this.hosts, performance.now() + startTimeout);
      if (this.pooled) this.local = await connections.use((client) => readLocalSettings(client, this.options));
    } catch (error) {
      await connections.end(0);
      throw error;
    }
    this.connections = connections;
    if (replica !== undefined) this.replica = new Replica(openConnections(this.options, toHosts(replica)), this.pooled);
  }

  async stop(timeout = 10_000): Promise<void> {
    const { connections, replica } = this;
    this.connections = undefined;
    this.replica = undefined;
    await Promise.all([connections?.end(timeout), replica?.end(timeout)]);
  }

  query(statement: SqlStatement, values: readonly SqlValue[]): Promise<readonly SqlRow[]> {
    return this.send(statement.repeatable, (client) => run(client, this.toSent(statement), values));
  }

  execute(statement: SqlStatement, values: readonly SqlValue[], readers: SqlReaders): Promise<SqlResult> {
    return this.send(statement.repeatable, (client) => execute(client, this.toSent(statement), values, readers));
  }

  script(text: string): Promise<void> {
    return this.send(false, (client) => runScript(client, text));
  }

  transaction<T>(work: (session: SqlSession) => Promise<T>, options: TransactionOptions = {}): Promise<T> {
    const asked = options.readOnly === true ? readingOnly(work) : work;
    return this.patiently(options.repeatable, (client, attempt) => this.transact(client, attempt, asked));
  }

  async health(): Promise<StoreHealth> {
    const { connections } = this;
    if (connections === undefined) return { reachable: false, error: notConnected, warnings: [] };
    const figures = () => ({ connections: connections.stats });
    const began = performance.now();
    try {
      const row = await limitTime(
        healthTimeout,
        connections.use(async (client) => {
          const text = `SELECT pg_is_in_recovery() AS standby, ${durabilityColumns},
            CASE WHEN NOT pg_is_in_recovery() THEN pg_current_wal_insert_lsn()::text END AS lsn`;
          return (await run(client, { text }, []))[0] ?? {};
        }),
      );
      const latency = latencySince(began);
      const standby = row["standby"] === true && {
        reachable: false,
        error: `${medium} takes no writes: it is a standby`,
      };
      const replica = this.replica && { replica: await this.replicaStats(this.replica, row["lsn"]) };
      return { reachable: true, ...standby, latency, ...figures(), ...replica, warnings: findWarnings(row) };
    } catch (error) {
      return { reachable: false, error: (error as Error).message, ...figures(), warnings: [] };
    }
  }

  private async replicaStats(replica: Replica, lsn: unknown): Promise<ReplicaStats> {
    try {
      const lag = await limitTime(healthTimeout, replica.lagBehind(typeof lsn === "string" ? lsn : "0/0"));
      return lag === undefined ? { reachable: false } : { reachable: true, lag };
    } catch {
      return { reachable: false };
    }
  }

  /** Runs one statement. Behind a pooler no session keeps timeouts, so a transaction around the statement sets them. */
  private send<T>(repeatable: boolean | undefined, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    return this.patiently(repeatable, (client, attempt) => {
      if (this.local.statement.length > 0) return this.transact(client, attempt, () => work(client));
      attempt.sent();
      return work(client);
    });
  }

  private async transact<T>(client: pg.PoolClient, { sent, drop }: Try, work: Work<T>): Promise<T> {
    const { statement, transaction } = this.local;
    await runScript(client, ["BEGIN ISOLATION LEVEL READ COMMITTED", ...statement, ...transaction].join("; "));
    sent();
    try {
      const result = await work({
        query: (statement, values) => run(client, this.toSent(statement), values),
        execute: (statement, values, readers) => execute(client, this.toSent(statement), values, readers),
        script: (text) => runScript(client, text),
      });
      await runScript(client, "COMMIT");
      return result;
    } catch (error) {
      // If this fails too, the connection is lost, and the transaction with it.
      await client.query("ROLLBACK").catch(drop);
      throw error;
    }
  }

  /**
   * Retries after a lost connection: always if nothing was sent or the server reports that it did nothing, otherwise
   * only work that is safe to repeat. A sent append without a response may have been committed.
   */
  private async patiently<T>(
    repeatable: boolean | undefined,
    work: (client: pg.PoolClient, attempt: Try) => Promise<T>,
  ): Promise<T> {
    const { retryWindow = 5000 } = this.options;
    // Detecting a lost connection may take long, so the retry window starts then.
    let end: number | undefined;
    for (let wait = 20; ; wait = Math.min(wait * 2, 500)) {
      const { connections } = this;
      if (connections === undefined) {
        throw markEnded(new PotterError("unavailable", notConnected, { confidential: true }));
      }
      let wasSent = false;
      try {
        return await connections.use((client, drop) => {
          const sent = () => {
            wasSent = true;
          };
          return work(client, { sent, drop });
        });
      } catch (error) {
        const harmless = wasSent
          ? repeatable === true && isConnectionLost(error)
          : isPotterError(error) && error.code === "unavailable";
        const undone = isReadOnly(error) || isStalePlan(error) || isStarting(error);
        if (!harmless && !undone) throw error;
        end ??= performance.now() + retryWindow;
        if (this.connections === undefined || performance.now() + wait > end) throw error;
      }
      await sleep(wait * (0.5 + Math.random() / 2));
    }
  }

  /**
   * Adds a hash of the text to the name of a prepared statement. Where a pooler shares connections, statements of
   * another release or of a store in another schema then have other names.
   */
  private toSent(statement: SqlStatement): SqlStatement {
    const { name, text } = statement;
    if (name === undefined) return statement;
    if (!this.prepares) return { text };
    const known = this.named.get(name);
    if (known?.text === text) return known;
    const sent = { name: `${name}_${fingerprint(Buffer.from(text))}`, text };
    this.named.set(name, sent);
    return sent;
  }
}

async function readLocalSettings(client: pg.PoolClient, limits: TimeLimits): Promise<LocalSettings> {
  const [row = {}] = await run(client, { text: settingsQuery }, []);
  return toLocalSettings(row, limits);
}

/** A refused write is an error of the caller here, and no sign that the server has become a standby. */
function readingOnly<T>(work: Work<T>): Work<T> {
  return async (session) => {
    await session.script("SET TRANSACTION READ ONLY");
    try {
      return await work(session);
    } catch (error) {
      if (!isReadOnly(error)) throw error;
      throw new PotterError("failed_precondition", "a transaction that only reads cannot write");
    }
  };
}

type Work<T> = (session: SqlSession) => Promise<T>;

/** Callbacks of one attempt. */
interface Try {
  /** From now on the outcome is unknown if the connection is lost. */
  sent(): void;
  /** The connection must not be used again. */
  drop(): void;
}
