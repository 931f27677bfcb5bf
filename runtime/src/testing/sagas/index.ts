// Sagas in tests: on a virtual clock, without a store.

export type {
  SagaCommandNames,
  SagaCompensationNames,
  SagaCompensationOf,
  SagaDataOf,
  SagaEventOf,
  SagaMessageInit,
  SagaRequestOf,
  SagaResponseOf,
  SagaStepName,
  SagaStepNames,
} from "./saga-step-types.js";
export { resolveAll, SagaTrial, type SentCommand, type TrialSagas } from "./saga-trial.js";
export {
  type SagaSpecification,
  type SagaStart,
  type SpecifySagaOptions,
  specifySaga,
} from "./specify-saga.js";
