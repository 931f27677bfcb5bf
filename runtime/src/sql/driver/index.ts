// What a PostgreSQL driver provides, its errors and settings, and the schema that statements name. No statement of a store.
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
export { durabilityColumns, findWarnings, healthTimeout, latencySince, limitTime } from "./health-check.js";
export { retryTransient, sleep } from "./retry.js";
export { heldByAnyAppender, heldByAppenders, type Schema, toSchema } from "./schema.js";
export {
  checkServer,
  type LocalSettings,
  settingsQuery,
  type TimeLimits,
  toLocalSettings,
  toSessionScript,
} from "./server-settings.js";
export { SqlArray, type SqlElement } from "./sql-array.js";
export {
  busyStream,
  isConnectionLost,
  isDeadlock,
  isLockTimeout,
  isReadOnly,
  isRefusedData,
  isStalePlan,
  isStarting,
  isTransient,
  outOfOrderState,
  toPotterError,
} from "./sql-error.js";
export { getStoreLocation, type StoreLocation, setStoreLocation } from "./store-location.js";
