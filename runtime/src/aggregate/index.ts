// Deciders: decide, evolve, and the engine that loads, decides and appends. Knows stores by their port only.
export { type Behaviour, createBehaviour } from "./behaviour.js";
export { CommandDecision, type Decided } from "./decision.js";
export { createCommandHandlers, type EngineOptions } from "./engine.js";
export { EventCatalog, type EventReader } from "./event-catalog.js";
export { EventTable } from "./event-table.js";
export { eventsMethod, type FollowedEvent } from "./events-method.js";
export type { InlineProjector } from "./inline-projector.js";
export type {
  Aggregate,
  AggregateCommand,
  AggregateDefinition,
  AggregateTypes,
  AnyDeciderPart,
  CommandDefinition,
  DecideContext,
  Decider,
  DeciderPart,
  Decision,
  EmittedEvent,
  NewEvent,
  SnapshotCodec,
} from "./types.js";
