// A saga as a pure function: what a message leads to. Knows no store, no clock and no bus.
export { awaited, copyOf } from "./behaviour.js";
export { dueOf } from "./due.js";
export {
  type CommandState,
  type CommandStatus,
  eventKey,
  hasEnded,
  type Phase,
  type SagaFailure,
  type SagaHistoryEntry,
  type SagaInstance,
  type SagaOrigin,
  type SagaParent,
  type SagaStatus,
  type StepState,
  type StepStatus,
} from "./instance.js";
export { commandMachine, lifecycle, stepMachine } from "./machines.js";
export type {
  CommandAddress,
  FailureKind,
  IgnoredReason,
  MachineContext,
  RelatedAction,
  SagaAction,
  SagaMessage,
  Transition,
} from "./message.js";
export { outcomeOf } from "./outcome-of.js";
export { type NewSaga, reduce, startSaga } from "./reduce.js";
export {
  findMissingBehaviour,
  type IsLocal,
  ResolvedSaga,
  type ResolvedStep,
  type ResolvedSteps,
} from "./resolved-saga.js";
export { fieldReadBy, idOf } from "./saga-id.js";
