import { PotterError } from "../../../errors/index.js";
import { toHosts } from "./hosts.js";

export interface PostgresOptions {
  /**
   * `postgres://user:password@host:5432/database`, with the parameters of libpq that pg knows, such as `sslmode`. Several
   * hosts are parted by commas: the connections go to the one that takes writes.
   */
  readonly url: string;
  /** More hosts, each with its port: `["db2:5432"]`. User, password and database are those of the URL. */
  readonly hosts?: readonly string[];
  /** The schema that the tables are in; made when missing. Default `potter`. */
  readonly schema?: string;
  /** Whether `start` takes the steps of the tables that are missing; otherwise it fails where there are any. Default `true`. */
  readonly migrate?: boolean;
  /** The largest event that is taken, in bytes: at most 64 MiB. Default 1 MiB. */
  readonly maxEventSize?: number;
  /** Most connections at a time. Default 10. */
  readonly connections?: number;
  /** What this process is called in `pg_stat_activity`. Default `potter`. */
  readonly applicationName?: string;
  /** How long `start` tries to connect before it gives up, in milliseconds. Default 10 000. */
  readonly startTimeout?: number;
  /** How long a call waits for a connection, a new one or a free one, and an append for its turn, in milliseconds. Default 10 000. */
  readonly connectTimeout?: number;
  /**
   * How long a call that was not sent, or that can be repeated without harm, is tried again when the connection is lost, in
   * milliseconds; 0: never. Default 5000.
   */
  readonly retryWindow?: number;
  /**
   * How long an answer may take before the server is asked, on another connection, whether it is there and at work on it, in
   * milliseconds. Where it is not, what waits fails as with a connection that is lost. Default 10 000.
   */
  readonly unresponsiveTimeout?: number;
  /** What stands before the server. `transaction`: a pooler such as PgBouncer, which may change the connection after each. */
  readonly pooler?: "none" | "transaction";
  /** Whether connections keep statements prepared. Default: unless there is a pooler. */
  readonly statementCache?: boolean;
  /** How long one statement may take, in milliseconds; 0: as long as it likes. Default: what the server says. */
  readonly statementTimeout?: number;
  /** How long a statement may wait for what another transaction holds, in milliseconds; 0: for ever. Default: what the server says. */
  readonly lockTimeout?: number;
  /**
   * How long a transaction may wait for its next statement, in milliseconds; 0: for ever. Then the server ends it, and with it the
   * wait of all readers for an append of a process that froze. Default: what the server says, or 60 000 where it has no limit.
   */
  readonly idleInTransactionTimeout?: number;
  /** How to encrypt, where `sslmode` of the URL does not say enough. */
  readonly tls?: PostgresTls;
  /** A server that follows the primary, as a URL. It reads what is settled, such as the past of a projection that is built. */
  readonly replica?: string;
}

/** Certificates and keys are texts in PEM. */
export interface PostgresTls {
  /** Who may have signed the server's certificate. Default: whom Node trusts. */
  readonly ca?: string;
  /** The certificate of this client, with its key. */
  readonly cert?: string;
  /** The private key of that certificate. */
  readonly key?: string;
  /** The name that the server's certificate must bear. Default: the host. */
  readonly servername?: string;
  /** `false`: anybody may answer. Default `true`. */
  readonly rejectUnauthorized?: boolean;
}

/** Checks the URLs without ever repeating them: they hold passwords. */
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
