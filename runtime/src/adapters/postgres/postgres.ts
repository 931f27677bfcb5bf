import { createSqlStore } from "../../sql/index.js";
import type { DatabaseStore } from "../../store/ports/index.js";
import { type PostgresOptions, toPostgresOptions } from "./connections/index.js";
import { PostgresDriver } from "./postgres-driver.js";

/** Keeps events and read models in a PostgreSQL server. Any number of processes may share it. */
export function postgres(options: string | PostgresOptions): DatabaseStore {
  const checked = toPostgresOptions(options);
  return createSqlStore(new PostgresDriver(checked), {
    schema: checked.schema,
    migrate: checked.migrate,
    maxEventSize: checked.maxEventSize,
  });
}
