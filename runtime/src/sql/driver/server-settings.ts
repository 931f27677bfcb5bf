import { PotterError } from "../../errors/index.js";
import type { SqlDriver, SqlRow } from "./driver.js";

/** Session settings that the stores rely on, independent of the defaults of the server, the database and the role. */
const session: Readonly<Record<string, string>> = {
  // Format of events, states and rows.
  bytea_output: "hex",
  // A backslash in a string literal is no escape character.
  standard_conforming_strings: "on",
  // Each statement of an append sees what was committed before it.
  default_transaction_isolation: "read committed",
  // Format of times, intervals and numbers in tables of the user.
  DateStyle: "ISO",
  IntervalStyle: "postgres",
  extra_float_digits: "1",
};

const oldest = 12;

const idle = "idle_in_transaction_session_timeout";
/**
 * Default limit of the wait for the next statement of a transaction, in milliseconds. A process that hangs in an append
 * blocks all readers for that long. The transactions of the runtime wait only for user code that runs in them.
 */
const longestIdle = 60_000;

const asked = [
  ...Object.keys(session),
  idle,
  "client_encoding",
  "server_encoding",
  "server_version",
  "server_version_num",
];

/** Timeouts in milliseconds; 0: no limit. Default: the server's. */
export interface TimeLimits {
  readonly statementTimeout?: number | undefined;
  readonly lockTimeout?: number | undefined;
  readonly idleInTransactionTimeout?: number | undefined;
}

/** Reads all settings that the stores rely on. */
export const settingsQuery: string = `SELECT ${asked.map((name) => `current_setting('${name}') AS "${name}"`).join(", ")},
  (SELECT s FROM unnest(current_schemas(true)) s WHERE left(s::text, 8) <> 'pg_temp_' LIMIT 1)::text AS first_schema`;

/** Statements that apply all settings to a session that lasts for more than one transaction. */
export function toSessionScript(limits: TimeLimits): string {
  const given = { ...session, ...toSettings(limits) };
  const settings = Object.entries(given).map(([name, value]) => `SET ${name} = '${value}'`);
  const unlessSet = `SELECT set_config('${idle}', '${longestIdle}', false) WHERE current_setting('${idle}') = '0'`;
  return [...settings, ...(idle in given ? [] : [unlessSet])].join("; ");
}

/** Statements that apply timeouts, and settings that the session lacks, to one transaction. */
export interface LocalSettings {
  /** Needed by single statements too. */
  readonly statement: readonly string[];
  /** Needed only by transactions of several statements. */
  readonly transaction: readonly string[];
}

export function toLocalSettings(row: SqlRow, limits: TimeLimits): LocalSettings {
  const { [idle]: between, ...others } = toSettings(limits);
  const local = ([name, value]: readonly [string, unknown]) => `SET LOCAL ${name} = '${value}'`;
  const idleLimit = between ?? (row[idle] === "0" ? longestIdle : undefined);
  return {
    statement: [...Object.entries(others), ...findWrong(row)].map(local),
    transaction: idleLimit === undefined ? [] : [local([idle, idleLimit])],
  };
}

function toSettings({ statementTimeout, lockTimeout, idleInTransactionTimeout }: TimeLimits): Record<string, number> {
  return {
    ...(statementTimeout !== undefined && { statement_timeout: statementTimeout }),
    ...(lockTimeout !== undefined && { lock_timeout: lockTimeout }),
    ...(idleInTransactionTimeout !== undefined && { [idle]: idleInTransactionTimeout }),
  };
}

/**
 * Throws unless the server, the database and the session meet the requirements. The error lists each problem and its
 * fix.
 */
export async function checkServer(driver: SqlDriver): Promise<void> {
  const [row = {}] = await driver.query({ text: settingsQuery, repeatable: true }, []);
  const faults = findWrong(row).map(
    ([name, value]) =>
      `${name} is "${row[name]}", expected "${value}": ALTER ROLE … SET ${name} = '${value}', or set it for the database`,
  );
  if (Number(row["server_version_num"]) < oldest * 10_000) {
    faults.push(`its version is ${row["server_version"]}, expected ${oldest} or newer`);
  }
  if (row["server_encoding"] !== "UTF8") {
    faults.push(
      `the encoding of the database is ${row["server_encoding"]}, expected UTF8: create another with ENCODING 'UTF8'`,
    );
  }
  if (row["client_encoding"] !== "UTF8") {
    faults.push(`client_encoding is ${row["client_encoding"]}, expected UTF8: do not change it on the connection`);
  }
  if (row["first_schema"] !== "pg_catalog") {
    faults.push(
      `search_path has ${row["first_schema"]} before pg_catalog, so that others could replace PostgreSQL's own functions: leave pg_catalog out of it`,
    );
  }
  if (faults.length === 0) return;
  throw new PotterError("failed_precondition", `${driver.name} cannot be used as it is set: ${faults.join("; ")}`);
}

function findWrong(row: SqlRow): readonly (readonly [name: string, expected: string])[] {
  return Object.entries(session).filter(([name, value]) => {
    const found = String(row[name]);
    // "ISO, DMY": the second word concerns input of dates in other formats only.
    if (name === "DateStyle") return !found.startsWith(value);
    if (name === "extra_float_digits") return Number(found) < 1;
    return found !== value;
  });
}
