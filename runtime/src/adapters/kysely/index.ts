// Read models in SQL tables of the user's own, by Kysely. Knows stores by the room `sql`, and no driver.
export { json } from "./json.js";
export {
  type EventSource,
  type SqlProjection,
  type SqlProjectionPart,
  type SqlViewContext,
  sqlProjection,
  type TenantColumn,
} from "./sql-projection.js";
export type { SqlView } from "./sql-view.js";
export { kyselyOf } from "./store-kysely.js";
export type { TableSchema, TableStep } from "./table-steps.js";
