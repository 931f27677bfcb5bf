// What users declare about sagas, and what the generator prints about them. Runs nothing.
export { eventsOf } from "./events-of.js";
export type {
  AnySagaBehaviour,
  AnyStepBehaviour,
  ChildBehaviour,
  ChildStepTypes,
  CommandBehaviour,
  CommandStepTypes,
  EventBehaviour,
  EventStepTypes,
  NewData,
  Saga,
  SagaBehaviour,
  SagaData,
  SagaPart,
  SagaTypes,
  StepBehaviour,
  StepGuard,
  StepTypes,
  TimerStepTypes,
} from "./saga.js";
export type {
  AnyStepDefinition,
  ChildStepDefinition,
  CommandStepDefinition,
  EventStepDefinition,
  SagaDeclaration,
  SagaDefinition,
  StepDefinition,
  StepRetry,
  TimerStepDefinition,
} from "./saga-definition.js";
