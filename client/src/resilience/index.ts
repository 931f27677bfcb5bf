// Deadlines, tokens and retries: what surrounds the attempts of a call. Knows no transport.
export { Attempts, repeating } from "./attempts.js";
export type { Connection, SeenPosition, TokenSource } from "./connection.js";
export { startDeadline, untilAborted } from "./deadline.js";
export { type RetryOptions, RetryPolicy } from "./retry-policy.js";
