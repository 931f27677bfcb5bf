// The rows that sagas are stored as.
export { type DeferredRow, EarlyTable } from "./early-table.js";
export { KeyTable } from "./key-table.js";
export { SagaTable } from "./saga-table.js";
