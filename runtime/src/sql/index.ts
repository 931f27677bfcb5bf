// What all stores in PostgreSQL share, whatever the driver: tables, statements, the order of reading. No driver.
export type {
  SqlDriver,
  SqlReaders,
  SqlResult,
  SqlRow,
  SqlSession,
  SqlStatement,
  SqlValue,
  TransactionOptions,
} from "./driver.js";
export type { Migration } from "./migrations.js";
export type { Schema } from "./schema.js";
export {
  type LocalSettings,
  settingsQuery,
  type TimeLimits,
  toLocalSettings,
  toSessionScript,
} from "./server-settings.js";
export { SqlArray, type SqlElement } from "./sql-array.js";
export { isConnectionLost, isReadOnly, isStalePlan, isStarting, toPotterError } from "./sql-error.js";
export { placeOf, type SqlPlace } from "./sql-place.js";
export { sessionOf } from "./sql-row-transaction.js";
export { createSqlStore, defaultSchema, type SqlStoreOptions } from "./sql-store.js";
