// The SQL that all stores in PostgreSQL share, whatever their driver. Imports no driver package and no `node:` module.
export {
  durabilityColumns,
  findWarnings,
  getStoreLocation,
  healthTimeout,
  isConnectionLost,
  isReadOnly,
  isStalePlan,
  isStarting,
  type LocalSettings,
  latencySince,
  limitTime,
  type Schema,
  SqlArray,
  type SqlDriver,
  type SqlElement,
  type SqlReaders,
  type SqlResult,
  type SqlRow,
  type SqlSession,
  type SqlStatement,
  type SqlValue,
  type StoreLocation,
  settingsQuery,
  type TimeLimits,
  type TransactionOptions,
  toLocalSettings,
  toPotterError,
  toSessionScript,
} from "./driver/index.js";
export type { Migration } from "./migrations/index.js";
export { sessionOf } from "./rows/index.js";
export { createSqlStore, defaultSchema, type SqlStoreOptions } from "./sql-store.js";
