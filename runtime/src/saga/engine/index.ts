// Runs sagas: what they are sent, what is due, and the events that concern them.
export { beginReading } from "./begin-reading.js";
export { toSagaConsumers } from "./saga-consumer.js";
export type { SagaDependencies } from "./saga-dependencies.js";
export { SagaEngine } from "./saga-engine.js";
