// Sagas in tests: on a virtual clock, without a store.
export { resolveAll, SagaTrial, type SentCommand, type TrialSagas } from "./saga-trial.js";
export {
  type SagaCommandNames,
  type SagaCompensationNames,
  type SagaCompensationOf,
  type SagaDataOf,
  type SagaEventOf,
  type SagaMessageInit,
  type SagaRequestOf,
  type SagaResponseOf,
  type SagaSpecification,
  type SagaStart,
  type SagaStepName,
  type SagaStepNames,
  type SpecifySagaOptions,
  specifySaga,
} from "./specify-saga.js";
