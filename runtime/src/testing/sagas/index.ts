// Sagas in tests: on a virtual clock, without a store.
export { resolveAll, SagaTrial, type SentCommand, type TrialSagas } from "./saga-trial.js";
export { type SagaSpecification, type SagaStart, type SpecifySagaOptions, specifySaga } from "./specify-saga.js";
