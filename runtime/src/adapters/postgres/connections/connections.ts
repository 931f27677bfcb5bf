import type { EventEmitter } from "node:events";
import pg from "pg";
import { markEnded, PotterError } from "../../../errors/index.js";
import { isConnectionLost, isReadOnly, isStalePlan, toPotterError } from "../../../sql/index.js";
import type { ConnectionStats } from "../../../store/ports/index.js";
import type { Hosts } from "./hosts.js";
import { LivenessMonitor } from "./liveness-monitor.js";
import { LongestWait } from "./longest-wait.js";

export const medium = "PostgreSQL";
export const notConnected: string = `${medium} is not connected: the store was not started, or has stopped`;

/** How long the pool may take to notice destroyed connections, in milliseconds. */
const cutPatience = 1_000;

export interface ConnectionsOptions {
  readonly hosts: Hosts;
  readonly most: number;
  readonly connectTimeout: number;
  readonly unresponsiveTimeout: number;
  /** Whether a transaction pooler is in front of the server. */
  readonly pooled: boolean;
  /** Statements that each new connection runs first. Absent with a pooler. */
  readonly sessionScript?: string;
  readonly config: pg.ClientConfig;
  /** Called when a connection is lost, in use or not. */
  readonly lost: () => void;
}

/** A pool of connections to one of several hosts: to the one that accepts writes, if required. */
export class Connections {
  private readonly options: ConnectionsOptions;
  private readonly pool: pg.Pool;
  private readonly waits = new LongestWait();
  private readonly liveness: LivenessMonitor<Connection>;
  private readonly busy = new Set<Connection>();
  /** Calls that wait for a connection. */
  private readonly waiting = new Set<(error: unknown) => void>();
  private current = 0;
  /** Increased when the host is left: older connections are not used again. */
  private generation = 0;

  constructor(options: ConnectionsOptions) {
    this.options = options;
    const { most, connectTimeout, config, hosts, lost, sessionScript } = options;
    const target = () => ({
      connectionString: hosts.all[this.current]?.url ?? "",
      // An unresponsive host must not use up the whole timeout when there are others.
      connectionTimeoutMillis: hosts.all.length === 1 ? connectTimeout : Math.max(500, connectTimeout / 4),
      generation: this.generation,
    });
    this.pool = new pg.Pool({
      ...config,
      max: most,
      connectionTimeoutMillis: connectTimeout,
      // Detects hosts that disappear without closing connections.
      keepAlive: true,
      keepAliveInitialDelayMillis: 10_000,
      Client: class extends HostClient {
        constructor(given?: pg.ClientConfig) {
          super({ ...given, ...target() });
        }
      },
    });
    // The pool replaces a broken idle connection; a busy one fails its query.
    this.pool.on("error", lost);
    this.pool.on("connect", (client) => {
      client.on("error", (error) => {
        (client as Connection).failure ??= error;
      });
      // Precedes all other statements of the connection. If it fails, the connection is lost, or `checkServer` reports
      // why.
      if (sessionScript !== undefined) client.query(sessionScript).catch(() => {});
    });
    this.liveness = new LivenessMonitor({
      after: options.unresponsiveTimeout,
      findLost: (clients) => this.findLost(clients),
      cut: (clients) => this.cut(clients),
    });
  }

  /** Runs work on one connection. Errors are PotterErrors. */
  async use<T>(work: (client: pg.PoolClient, drop: () => void) => Promise<T>): Promise<T> {
    const client = await this.acquire();
    let broken = false;
    this.busy.add(client);
    this.liveness.begin(client);
    try {
      return await work(client, () => {
        broken = true;
      });
    } catch (thrown) {
      // For a connection lost between two statements, the error of pg lacks the reason.
      const error = isConnectionLost(thrown) && client.failure ? toPotterError(client.failure, medium) : thrown;
      if (isReadOnly(error) && client.generation === this.generation) this.leave(this.current);
      const gone = isConnectionLost(error) || isReadOnly(error);
      if (gone) this.options.lost();
      if (gone || isStalePlan(error)) broken = true;
      throw error;
    } finally {
      this.busy.delete(client);
      this.liveness.end(client);
      client.release(broken);
    }
  }

  get stats(): ConnectionStats {
    const { totalCount, idleCount, waitingCount } = this.pool;
    return {
      open: totalCount,
      idle: idleCount,
      most: this.options.most,
      waiting: waitingCount,
      longestWait: this.waits.longest,
    };
  }

  /**
   * Ends all connections: busy ones when their work ends, or after `timeout` milliseconds. Rejects calls that wait for
   * a connection, which the pool itself would leave pending.
   */
  async end(timeout: number): Promise<void> {
    this.liveness.stop();
    const ended = this.pool.end();
    const stopped = markEnded(new PotterError("unavailable", notConnected, { confidential: true }));
    for (const reject of this.waiting) reject(stopped);
    let timer: ReturnType<typeof setTimeout> | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(() => {
        for (const client of this.busy) client.cut();
        timer = setTimeout(resolve, cutPatience);
      }, timeout);
    });
    await Promise.race([ended, late]);
    clearTimeout(timer);
  }

  /** Two attempts, since a server may be too busy for a moment to accept connections. */
  private async findLost(clients: readonly Connection[]): Promise<readonly Connection[]> {
    const busy = (await this.askForBusy(clients)) ?? (await this.askForBusy(clients));
    return busy === undefined ? clients : clients.filter((client) => !busy.has(client.processID));
  }

  /**
   * Server processes that work for these connections, or did until recently. undefined: the server does not respond.
   */
  private async askForBusy(clients: readonly Connection[]): Promise<ReadonlySet<number> | undefined> {
    const { hosts, config, connectTimeout, unresponsiveTimeout, pooled } = this.options;
    const patience = Math.min(connectTimeout, unresponsiveTimeout / 2);
    const client = new pg.Client({
      ...config,
      connectionString: hosts.all[this.current]?.url ?? "",
      connectionTimeoutMillis: patience,
      query_timeout: patience,
    });
    const pids = clients.map(({ processID }) => processID);
    client.on("error", () => {});
    try {
      await client.connect();
      // Process ids of a pooler say nothing about the server.
      if (pooled) return new Set(pids);
      const text = `SELECT pid FROM pg_stat_activity WHERE pid = ANY ($1::integer[])
        AND NOT (state = 'idle' AND state_change < clock_timestamp() - $2 * interval '1 millisecond')`;
      const { rows } = await client.query<{ readonly pid: number }>(text, [pids, patience]);
      return new Set(rows.map(({ pid }) => pid));
    } catch (error) {
      // A refusal is a response.
      return isConnectionLost(toPotterError(error, medium)) ? undefined : new Set(pids);
    } finally {
      client.end().catch(() => {});
    }
  }

  /** Fails calls on lost connections. Idle connections to the host are not used again. */
  private cut(clients: readonly Connection[]): void {
    this.leave(this.current);
    for (const client of clients) client.cut();
  }

  private async acquire(): Promise<Connection> {
    const done = this.waits.begin();
    try {
      return await this.connect();
    } finally {
      done();
    }
  }

  private async connect(): Promise<Connection> {
    const { hosts, most, connectTimeout, lost } = this.options;
    for (let tried = 1; ; ) {
      const host = this.current;
      let found: pg.PoolClient;
      try {
        found = await this.takeFromPool();
      } catch (thrown) {
        const error = toPotterError(thrown, medium);
        if (/^timeout exceeded/.test((thrown as Error).message) && this.pool.totalCount >= most) {
          throw new PotterError(
            "resource_exhausted",
            `all ${most} connections to ${medium} are busy: none was free within ${connectTimeout} ms`,
            { cause: thrown, confidential: true },
          );
        }
        if (!isConnectionLost(error)) throw error;
        lost();
        if (tried >= hosts.all.length) throw error;
        tried++;
        this.leave(host);
        continue;
      }
      const client = found as Connection;
      if (client.generation < this.generation) {
        client.release(true);
        continue;
      }
      if (!hosts.primary || (await takesWrites(client))) return client;
      client.release(true);
      if (tried >= hosts.all.length) {
        throw new PotterError("unavailable", `${medium} cannot be reached: no host of ${hosts.name} takes writes`, {
          confidential: true,
        });
      }
      tried++;
      this.leave(host);
    }
  }

  /** Takes a connection from the pool. Rejects also when the pool ends. */
  private takeFromPool(): Promise<pg.PoolClient> {
    return new Promise((resolve, reject) => {
      let isOver = false;
      const end = (error: unknown): void => {
        isOver = true;
        this.waiting.delete(end);
        reject(error);
      };
      this.waiting.add(end);
      this.pool.connect((error, client) => {
        if (isOver) client?.release(true);
        else if (client === undefined) end(error);
        else {
          this.waiting.delete(end);
          resolve(client);
        }
      });
    });
  }

  /** Switches to the next host, unless another call already has. */
  private leave(host: number): void {
    if (host !== this.current) return;
    this.current = (host + 1) % this.options.hosts.all.length;
    this.generation++;
  }
}

/** A connection that knows whether its server accepts writes: servers report this at connect and on changes. */
class HostClient extends pg.Client {
  readonly generation: number;
  /** Process id of the server process. */
  declare readonly processID: number;
  readonly reported = new Map<string, string>();
  /** Why the connection was lost. */
  failure: Error | undefined;
  private readonly wire: EventEmitter & { readonly stream: { destroy(): void } };

  constructor(config: pg.ClientConfig & { readonly generation: number }) {
    super(config);
    this.generation = config.generation;
    this.wire = (this as unknown as { readonly connection: HostClient["wire"] }).connection;
    this.wire.on("parameterStatus", (message: { readonly parameterName: string; readonly parameterValue: string }) => {
      this.reported.set(message.parameterName, message.parameterValue);
    });
  }

  /** Closes the socket without notifying the server. */
  cut(): void {
    this.wire.stream.destroy();
  }
}

type Connection = pg.PoolClient & HostClient;

/** Poolers and servers before version 14 do not report this: then it is queried. */
async function takesWrites(client: Connection): Promise<boolean> {
  const standby = client.reported.get("in_hot_standby");
  const readOnly = client.reported.get("default_transaction_read_only");
  if (standby !== undefined && readOnly !== undefined) return standby === "off" && readOnly === "off";
  const text = "SELECT NOT pg_is_in_recovery() AND current_setting('transaction_read_only') = 'off' AS writes";
  const { rows } = await client.query<{ readonly writes: boolean }>(text).catch(() => ({ rows: [] }));
  return rows[0]?.writes === true;
}
