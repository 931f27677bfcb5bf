// Operations on existing data: closing, archiving and importing streams, and the size of tables.
export { readSize } from "./store-size.js";
export { StreamMaintenance } from "./stream-maintenance.js";
