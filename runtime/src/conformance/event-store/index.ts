// The suite of event stores: one file for each group of cases.
export { type EventStoreConformanceOptions, eventStoreConformance } from "./event-store-conformance.js";
export { expectNothingLost, runReadAllStress, type StressOptions, type StressReport } from "./read-all-stress.js";
