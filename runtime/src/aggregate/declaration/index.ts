// What the generator says of an aggregate, and how users declare its behaviour: types only.
export type { AggregateCommand, AggregateDefinition, AggregateTypes, CommandDefinition } from "./aggregate.js";
export type {
  Aggregate,
  AnyDeciderPart,
  DecideContext,
  Decider,
  DeciderPart,
  Decision,
  EmittedEvent,
  Migrate,
  NewEvent,
  SnapshotCodec,
  Unique,
} from "./decider.js";
