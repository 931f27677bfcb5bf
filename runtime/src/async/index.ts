// Waiting: for signals, for a time, for the next turn of the event loop, before a retry, for values that may be promises. What pollers pass
// over meanwhile. Items of streams, passed on without promises. Imports no other module.
export { FollowedItems, mapItems } from "./followed-items.js";
export { queueMacrotask } from "./macrotask.js";
export { andThen, isPromise, type MaybePromise, mapAll } from "./maybe-promise.js";
export { onAbort } from "./on-abort.js";
export { PassedOver } from "./passed-over.js";
export { PollDelay } from "./poll-delay.js";
export { type Fail, type Pass, PullIterator, pullNext } from "./pull-iterator.js";
export { type Backoff, retryDelay, sleep } from "./retry-delay.js";
export { settlesWithin } from "./settles-within.js";
export { StopSignal } from "./stop-signal.js";
export { isRequestBound, openWait, type Wait } from "./wait.js";
export { WakeSignal } from "./wake-signal.js";
