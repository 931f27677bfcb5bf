// Rows of read models: reads, locks, and writes within a transaction.
export { EarlyRows, type RowRead, rowName } from "./early-rows.js";
export { inlineLock, type RowLocks } from "./row-locks.js";
export { type RowPlace, SqlRowStore, toPlaces } from "./sql-row-store.js";
export { sessionOf } from "./sql-row-transaction.js";
