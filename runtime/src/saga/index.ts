// What applications see of sagas: options, control and states. Types only, so that an app without sagas contains none of it.
export type {
  SagaChange,
  SagaControl,
  SagaFilter,
  SagaOwner,
  SagaProblem,
  SagaReference,
  SagaReport,
  SagaStartOptions,
  SagaState,
  SagaStepStatus,
  StartedSaga,
} from "./control/index.js";
export type { SagaFailure, SagaHistoryEntry, SagaStatus, StepStatus } from "./machine/index.js";
export type { SagaCall, SagaCounters, SagaOptions } from "./options.js";
