// Loads the state of aggregates and records decisions: by events, with snapshots, or by stored states. Decides nothing.
export { EventRepository } from "./event-repository.js";
export type { InlineProjections } from "./inline-projections.js";
export type { RecordContext, Repository, Step } from "./repository.js";
export { hasPolicy, Snapshots } from "./snapshots.js";
export { StateRepository } from "./state-repository.js";
