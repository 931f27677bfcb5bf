import { toMaxEventSize } from "../store/checks/index.js";
import { type DatabaseStore, describeOpenAppend, findLongAppends, type StoreHealth } from "../store/ports/index.js";
import { type SqlDriver, setStoreLocation, toSchema } from "./driver/index.js";
import { readSize } from "./maintenance/index.js";
import { checkMigrated, type Migration, migrate, migrations, readMigrationStatus } from "./migrations/index.js";
import { SqlRowStore } from "./rows/index.js";
import {
  SqlEventSchemas,
  SqlEventStore,
  SqlOutbox,
  SqlProjectionStore,
  SqlStateStore,
  SqlSubjectKeys,
} from "./stores/index.js";

/** Default schema of the tables. */
export const defaultSchema = "potter";

export interface SqlStoreOptions {
  /** Default `potter`. */
  readonly schema?: string | undefined;
  /** Whether `start` runs pending migrations. If not, it fails where any is pending. Default `true`. */
  readonly migrate?: boolean | undefined;
  /** Size limit of an event in bytes. Default 1 MiB. */
  readonly maxEventSize?: number | undefined;
  /** Migrations, for tests of migrations. Default: those of this release. */
  readonly steps?: readonly Migration[] | undefined;
}

/** Creates a store on a PostgreSQL driver. */
export function createSqlStore(driver: SqlDriver, options: SqlStoreOptions = {}): DatabaseStore {
  const schema = toSchema(options.schema ?? defaultSchema);
  const maxEventSize = toMaxEventSize(options.maxEventSize);
  const steps = options.steps ?? migrations;
  const rows = new SqlRowStore(driver, schema);
  setStoreLocation(rows, { driver, schema });
  const outbox = new SqlOutbox(driver, schema);
  const events = new SqlEventStore(driver, schema, rows, maxEventSize);
  let started = false;
  const connected = async <T>(work: () => Promise<T>): Promise<T> => {
    if (started) return work();
    await driver.start();
    try {
      return await work();
    } finally {
      await driver.stop();
    }
  };
  return {
    name: driver.name,
    events,
    rows,
    states: new SqlStateStore(driver, schema, rows, outbox, maxEventSize),
    outbox,
    keys: new SqlSubjectKeys(driver, schema),
    schemas: new SqlEventSchemas(driver, schema),
    migrations: {
      status: () => connected(() => readMigrationStatus(driver, schema, steps)),
      run: () =>
        connected(async () => {
          await migrate(driver, schema, steps);
          return readMigrationStatus(driver, schema, steps);
        }),
    },
    size: () => connected(() => readSize(driver, schema)),
    health: async () => withOpenAppends(await driver.health(), events),
    projections: new SqlProjectionStore(driver, schema, rows),
    async start() {
      await driver.start();
      try {
        await (options.migrate === false ? checkMigrated : migrate)(driver, schema, steps);
      } catch (error) {
        // A store that failed to start must not keep connections.
        await driver.stop(0).catch(() => {});
        throw error;
      }
      started = true;
    },
    async stop(options) {
      started = false;
      await driver.stop(options?.timeout);
    },
  };
}

/** Adds warnings for long-running appends: committed events above them cannot be read. */
async function withOpenAppends(health: StoreHealth, events: SqlEventStore): Promise<StoreHealth> {
  if (!health.reachable) return health;
  try {
    const long = findLongAppends(await events.openAppends());
    const warnings = long.map((open) => `an append is open, and readers wait for it: ${describeOpenAppend(open)}`);
    return { ...health, warnings: [...health.warnings, ...warnings] };
  } catch {
    // `health` already reports whether the store is reachable.
    return health;
  }
}
