// Sagas in tests: on a virtual clock, without a store.
export { resolveAll, SagaTrial, type SentCommand, type TrialSagas } from "./saga-trial.js";
