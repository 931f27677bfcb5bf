import { createSqlStore } from "../../sql/index.js";
import type { DatabaseStore } from "../../store/ports/index.js";
import type { PgliteDatabase } from "./database.js";
import { ownDatabase, PgliteDriver, sharedDatabase } from "./pglite-driver.js";

/** Options of `pglite`. */
export interface PgliteOptions {
  /** Folder of the database, created when missing. Default: in memory, lost when the process ends. */
  readonly folder?: string;
  /** An open PGlite to share, with extensions or tables of your own. The store does not close it. */
  readonly database?: PgliteDatabase;
  /** Schema of the tables, created when missing. Default `potter`. */
  readonly schema?: string;
  /** Whether `start` runs pending migrations. If not, it fails where any is pending. Default `true`. */
  readonly migrate?: boolean;
  /** Size limit of an event in bytes, at most 64 MiB. Default 1 MiB. */
  readonly maxEventSize?: number;
}

/** Creates a store in an embedded PostgreSQL: in a folder, or in memory without one. */
export function pglite(options: string | PgliteOptions = {}): DatabaseStore {
  const { folder, database, schema, migrate, maxEventSize }: PgliteOptions =
    typeof options === "string" ? { folder: options } : options;
  const source = database === undefined ? ownDatabase(folder) : sharedDatabase(database);
  return createSqlStore(new PgliteDriver(source), { schema, migrate, maxEventSize });
}
