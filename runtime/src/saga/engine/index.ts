// Runs sagas: their rows, their commands, what is due, and the events that concern them.
export type { SagaCall, SagaCounters, SagaOptions } from "./options.js";
export { toSagaConsumers } from "./saga-consumer.js";
export { type SagaDependencies, SagaEngine } from "./saga-engine.js";
export { type SagaKey, textOf } from "./saga-key.js";
export type { Ignored } from "./transitions.js";
