// What users declare about sagas, and what the generator prints about them. Runs nothing.
export type {
  AnySagaBehaviour,
  AnyStepBehaviour,
  ChildStepTypes,
  CommandStepTypes,
  EventStepTypes,
  Saga,
  SagaBehaviour,
  SagaPart,
  SagaTypes,
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
