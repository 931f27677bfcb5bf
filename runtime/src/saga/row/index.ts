// The rows that sagas are stored as.
export { KeyTable } from "./key-table.js";
export { SagaTable } from "./saga-table.js";
