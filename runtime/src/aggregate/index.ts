// Aggregates: decide, evolve, and the engine that loads, decides and records. Knows stores by their ports only.
export {
  createCommandHandlers,
  type EngineOptions,
  type JoinedRows,
  UnitOfWork,
  withJoinedRows,
  withUnitOfWork,
} from "./commands/index.js";
export { type Behaviour, CommandDecision, createBehaviour, type Decided } from "./decision/index.js";
export type {
  Aggregate,
  AggregateCommand,
  AggregateDeclaration,
  AggregateDefinition,
  AggregateTypes,
  AnyDeciderPart,
  CommandDefinition,
  CommandRequest,
  CommandResponse,
  DecideContext,
  Decider,
  DeciderPart,
  DeciderSlot,
  Decision,
  EmittedEvent,
  MessageOf,
  Migrate,
  NewEvent,
  PersonalUniqueValue,
  PropertyOf,
  ReplyFunctions,
  SnapshotCodec,
  Unique,
  UniqueValue,
} from "./declaration/index.js";
export { EventCatalog, type EventReader, EventTable, eventsMethod, type FollowedEvent } from "./events/index.js";
export type { InlineProjections } from "./repository/index.js";
