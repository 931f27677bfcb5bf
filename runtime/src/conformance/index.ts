// Conformance suites of the ports of `@potter/runtime/store` and `/two-phase-commit`, as cases for any test runner. No tests of services.
export type { ConformanceCase, OpenStore, StoreUnderTest } from "./cases/index.js";
export { eventSchemasConformance } from "./event-schema-store-conformance.js";
export {
  type EventStoreConformanceOptions,
  eventStoreConformance,
  expectNothingLost,
  runReadAllStress,
  type StressOptions,
  type StressReport,
} from "./event-store/index.js";
export { outboxConformance } from "./outbox-conformance.js";
export { projectionStoreConformance } from "./projection-store-conformance.js";
export { rowStoreConformance } from "./row-store-conformance.js";
export { stateStoreConformance } from "./state-store-conformance.js";
export { subjectKeysConformance } from "./subject-key-store-conformance.js";
export {
  type CoordinatorLogUnderTest,
  coordinatorLogConformance,
  type ParticipantUnderTest,
  participantConformance,
} from "./two-phase-commit/index.js";
