// Rows of read models: reads, locks, and writes within a transaction.
export type { RowAppends } from "./appending-rows.js";
export { DetachedRows, TransactionNeeded } from "./detached-rows.js";
export { EarlyRows } from "./early-rows.js";
export { KeptRows } from "./kept-rows.js";
export { inlineLock, type RowLocks } from "./row-locks.js";
export { RowReaders } from "./row-readers.js";
export { toContents, toPlaces } from "./row-values.js";
export { SqlRowStore } from "./sql-row-store.js";
export { sessionOf } from "./sql-row-transaction.js";
