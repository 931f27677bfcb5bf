// One store per port of `event-store`, put together from append, read, rows and maintenance.
export { SqlEventSchemas } from "./sql-event-schemas.js";
export { SqlEventStore } from "./sql-event-store.js";
export { SqlOutbox } from "./sql-outbox.js";
export { SqlProjectionStore } from "./sql-projection-store.js";
export { SqlStateStore } from "./sql-state-store.js";
export { SqlSubjectKeys } from "./sql-subject-keys.js";
