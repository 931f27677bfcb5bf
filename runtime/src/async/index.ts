// Waiting: for signals that many wait for, and before another try. Knows no other room.
export { onAbort } from "./on-abort.js";
export { onEnd } from "./on-end.js";
export { type Backoff, retryDelay, sleep } from "./retry-delay.js";
