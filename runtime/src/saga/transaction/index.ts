// Applies messages to sagas: the row, those of its parents and children, and what waits for events, in one transaction.
export { type DeclaredSaga, type DeclaredSagas, declareSagas } from "./declared-sagas.js";
export { type DeferredHost, handleKept } from "./deferred-messages.js";
export type { ReceivedEvent } from "./early-events.js";
export { Fenced } from "./fenced.js";
export { Intent } from "./intent.js";
export { receiveKeyed } from "./keyed-events.js";
export { consumerNameOf, type SagaKey, textOf } from "./saga-key.js";
export {
  type QueuedMessage,
  type RecordedResponse,
  type Result,
  runTransaction,
  type StartMessage,
} from "./saga-transaction.js";
export { StoreClock } from "./store-clock.js";
export { type Changed, type Ignored, type LocalCommand, Transitions } from "./transitions.js";
