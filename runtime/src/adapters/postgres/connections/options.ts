import { PotterError } from "../../../errors/index.js";
import { toHosts } from "./hosts.js";

/** Options of `postgres`: servers, pool, TLS, timeouts and schema. */
export interface PostgresOptions {
  /**
   * `postgres://user:password@host:5432/database`, with the libpq parameters that pg knows, such as `sslmode`. With
   * several hosts, separated by commas, connections go to the one that accepts writes.
   */
  readonly url: string;
  /** More hosts, each with its port: `["db2:5432"]`. User, password and database are those of the URL. */
  readonly hosts?: readonly string[];
  /** Schema of the tables, created when missing. Default `potter`. */
  readonly schema?: string;
  /** Whether `start` runs pending migrations. If not, it fails where any is pending. Default `true`. */
  readonly migrate?: boolean;
  /** Size limit of an event in bytes, at most 64 MiB. Default 1 MiB. */
  readonly maxEventSize?: number;
  /** Maximum number of connections. Default 10. */
  readonly connections?: number;
  /** Name of this process in `pg_stat_activity`. Default `potter`. */
  readonly applicationName?: string;
  /** How long `start` retries to connect before it fails, in milliseconds. Default 10 000. */
  readonly startTimeout?: number;
  /** How long a call waits for a new or free connection, or an append to be sent, in milliseconds. Default 10 000. */
  readonly connectTimeout?: number;
  /**
   * How long a call that was not sent, or is safe to repeat, is retried after a lost connection, in milliseconds; 0:
   * never. Default 5000.
   */
  readonly retryWindow?: number;
  /**
   * How long a response may take, in milliseconds, before the server is asked on another connection whether it still
   * works on the call. If not, the call fails as with a lost connection. Default 10 000.
   */
  readonly unresponsiveTimeout?: number;
  /**
   * The pooler in front of the server. `transaction`: such as PgBouncer, which assigns a connection per transaction.
   * Default `none`.
   */
  readonly pooler?: "none" | "transaction";
  /** Whether connections keep prepared statements. Default: `true` without a pooler. */
  readonly statementCache?: boolean;
  /** Limit of one statement in milliseconds; 0: no limit. Default: the server's. */
  readonly statementTimeout?: number;
  /** Limit of the wait for a lock in milliseconds; 0: no limit. Default: the server's. */
  readonly lockTimeout?: number;
  /**
   * Limit of the wait of a transaction for its next statement, in milliseconds; 0: no limit. The server then ends the
   * transaction, so an append of a hanging process does not block readers for longer. Default: the server's, or 60 000
   * if it has no limit.
   */
  readonly idleInTransactionTimeout?: number;
  /** TLS settings, in addition to `sslmode` of the URL. */
  readonly tls?: PostgresTls;
  /**
   * URL of a read replica. It serves reads below the high-water mark, such as the history for a new build of a
   * projection.
   */
  readonly replica?: string;
}

/** TLS settings. Certificates and keys are in PEM. */
export interface PostgresTls {
  /** Trusted certificate authorities. Default: those of Node. */
  readonly ca?: string;
  /** The certificate of this client, with its key. */
  readonly cert?: string;
  /** The private key of that certificate. */
  readonly key?: string;
  /** The name that the server's certificate must match. Default: the host. */
  readonly servername?: string;
  /** `false`: any certificate is accepted. Default `true`. */
  readonly rejectUnauthorized?: boolean;
}

/** Validates options. Errors never contain the URLs, which hold passwords. */
export function toPostgresOptions(given: string | PostgresOptions): PostgresOptions {
  const options = typeof given === "string" ? { url: given } : given;
  toHosts(options.url, options.hosts);
  if (options.replica !== undefined) toHosts(options.replica);
  const { statementTimeout, lockTimeout, idleInTransactionTimeout, pooler } = options;
  if (pooler !== undefined && pooler !== "none" && pooler !== "transaction") {
    throw new PotterError(
      "invalid_argument",
      `${JSON.stringify(pooler)} is no pooler: expected "none" or "transaction"`,
    );
  }
  for (const [name, value] of Object.entries({ statementTimeout, lockTimeout, idleInTransactionTimeout })) {
    if (value === undefined || (Number.isInteger(value) && value >= 0 && value < 2 ** 31)) continue;
    throw new PotterError("invalid_argument", `${name} is ${value}: expected milliseconds, a whole number from 0 on`);
  }
  return options;
}
