// Read models in the user's own SQL tables, with Kysely. Uses stores through the module `sql`, and no driver.
export { jsonb } from "./json.js";
export {
  type EventSource,
  type SqlProjection,
  type SqlProjectionPart,
  type SqlViewContext,
  sqlProjection,
  type TenantColumn,
} from "./sql-projection.js";
export type { SqlView } from "./sql-view.js";
export { getKysely } from "./store-kysely.js";
export type { TableMigration, TableSchema } from "./table-steps.js";
