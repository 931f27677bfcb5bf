// For tests of services and of adapters: specifications of parts, and conformance suites of ports.
export type { ConformanceCase, OpenStore, StoreUnderTest } from "./conformance.js";
export { eventSchemasConformance } from "./event-schemas-conformance.js";
export { type EventStoreConformanceOptions, eventStoreConformance } from "./event-store-conformance.js";
export { ExpectationError } from "./expectation.js";
export { fixedClock } from "./fixed-clock.js";
export { outboxConformance } from "./outbox-conformance.js";
export type { ExpectedFailure, Outcome } from "./outcome.js";
export { projectionStoreConformance } from "./projection-store-conformance.js";
export { expectNothingLost, runReadAllStress, type StressOptions, type StressReport } from "./read-all-stress.js";
export { rowStoreConformance } from "./row-store-conformance.js";
export { type Specification, type SpecifyOptions, specify } from "./specify.js";
export { stateStoreConformance } from "./state-store-conformance.js";
export { subjectKeysConformance } from "./subject-keys-conformance.js";
export { type SnapshotMismatch, type SnapshotReport, verifySnapshots } from "./verify-snapshots.js";
