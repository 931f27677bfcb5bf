import { PotterError } from "../../errors/index.js";

export interface PostgresOptions {
  /** `postgres://user:password@host:5432/database`, with the parameters of libpq that pg knows, such as `sslmode`. */
  readonly url: string;
  /** The schema that the tables are in; made when missing. Default `potter`. */
  readonly schema?: string;
  /** Whether `start` takes the steps of the tables that are missing; otherwise it fails where there are any. Default `true`. */
  readonly migrate?: boolean;
  /** Most connections at a time. Default 10. */
  readonly connections?: number;
  /** What this process is called in `pg_stat_activity`. Default `potter`. */
  readonly applicationName?: string;
  /** How long `start` tries to connect before it gives up, in milliseconds. Default 10 000. */
  readonly startTimeout?: number;
}

/** Checks the URL without ever repeating it: it holds a password. */
export function toPostgresOptions(given: string | PostgresOptions): PostgresOptions {
  const options = typeof given === "string" ? { url: given } : given;
  const { url } = options;
  if (typeof url !== "string" || !/^postgres(ql)?:\/\//.test(url) || !URL.canParse(url)) {
    throw new PotterError(
      "invalid_argument",
      "the URL of the database must be like postgres://user:password@host:5432/database",
    );
  }
  return options;
}

/** Where the database is, for messages: host, port and name. */
export function describeTarget({ url }: PostgresOptions): string {
  const { hostname, port, pathname, searchParams } = new URL(url);
  return `${searchParams.get("host") || hostname || "localhost"}:${port || "5432"}${pathname}`;
}
