import { createSqlStore } from "../../sql/index.js";
import type { Store } from "../../store/ports/index.js";
import type { PgliteDatabase } from "./database.js";
import { ownDatabase, PgliteDriver, sharedDatabase } from "./pglite-driver.js";

export interface PgliteOptions {
  /** Where the database is kept; made when missing. Without one it is in memory and gone when the process ends. */
  readonly folder?: string;
  /** A database to share instead, with extensions or tables of your own. The store leaves it open when it stops. */
  readonly database?: PgliteDatabase;
  /** The schema that the tables are in; made when missing. Default `potter`. */
  readonly schema?: string;
  /** Whether `start` takes the steps of the tables that are missing; otherwise it fails where there are any. Default `true`. */
  readonly migrate?: boolean;
  /** The largest event that is taken, in bytes: at most 64 MiB. Default 1 MiB. */
  readonly maxEventSize?: number;
}

/** Keeps events and read models in a PostgreSQL within this process: in a folder, or in memory without one. */
export function pglite(options: string | PgliteOptions = {}): Store {
  const { folder, database, schema, migrate, maxEventSize }: PgliteOptions =
    typeof options === "string" ? { folder: options } : options;
  const source = database === undefined ? ownDatabase(folder) : sharedDatabase(database);
  return createSqlStore(new PgliteDriver(source), { schema, migrate, maxEventSize });
}
