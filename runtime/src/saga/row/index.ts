// The rows that sagas are stored as.
export { type DeferredRow, EarlyTable } from "./early-table.js";
export { KeyTable } from "./key-table.js";
export type { SagaRow } from "./row-codec.js";
export { SagaTable } from "./saga-table.js";
