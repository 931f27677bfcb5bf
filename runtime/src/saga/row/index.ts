// The rows that sagas are stored as.
export { EarlyTable } from "./early-table.js";
export { KeyTable } from "./key-table.js";
export { SagaTable } from "./saga-table.js";
