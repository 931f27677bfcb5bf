// Carries out commands: loads, decides and records, in order on each stream, and again after a conflict.
export { createCommandHandlers, type EngineOptions } from "./command-handlers.js";
export { type JoinedRows, withJoinedRows } from "./joined-rows.js";
export { UnitOfWork, withUnitOfWork } from "./unit-of-work.js";
