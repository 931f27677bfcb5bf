// The generated facts of an aggregate, and how users declare its behaviour: types only.
export type {
  AggregateCommand,
  AggregateDeclaration,
  AggregateDefinition,
  AggregateTypes,
  CommandDefinition,
} from "./aggregate.js";
export type {
  Aggregate,
  AnyDeciderPart,
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
} from "./decider.js";
