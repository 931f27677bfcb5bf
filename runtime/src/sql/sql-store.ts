import type { Store } from "../event-store/index.js";
import type { SqlDriver } from "./driver.js";
import { migrate } from "./migrate.js";
import { toSchema } from "./schema.js";
import { SqlEventSchemas } from "./sql-event-schemas.js";
import { SqlEventStore } from "./sql-event-store.js";
import { setPlace } from "./sql-place.js";
import { SqlRowStore } from "./sql-row-store.js";
import { SqlSubjectKeys } from "./sql-subject-keys.js";

/** The schema that a store keeps its tables in when none is named. */
export const defaultSchema = "potter";

/** A store over a driver of PostgreSQL. */
export function createSqlStore(driver: SqlDriver, schemaName: string = defaultSchema): Store {
  const schema = toSchema(schemaName);
  const rows = new SqlRowStore(driver, schema);
  setPlace(rows, { driver, schema });
  return {
    name: driver.name,
    events: new SqlEventStore(driver, schema, rows),
    rows,
    keys: new SqlSubjectKeys(driver, schema),
    schemas: new SqlEventSchemas(driver, schema),
    async start() {
      await driver.start();
      await migrate(driver, schema);
    },
    stop: () => driver.stop(),
  };
}
