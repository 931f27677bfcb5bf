// Rows of read models: reads, locks, and writes within a transaction.
export { inlineLock, type RowLocks } from "./row-locks.js";
export { SqlRowStore } from "./sql-row-store.js";
export { sessionOf } from "./sql-row-transaction.js";
