// Deciders: decide, evolve, and the engine that loads, decides and appends.
export type {
  Aggregate,
  AggregateCommand,
  AggregateDefinition,
  AggregateTypes,
  CommandDefinition,
  DecideContext,
  Decider,
  DeciderPart,
  Decision,
  EmittedEvent,
  NewEvent,
  SnapshotCodec,
} from "./types.js";
