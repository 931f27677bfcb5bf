// Deadlines, tokens and retries: what surrounds the attempts of a call. Knows no transport.
export { Attempts, repeating } from "./attempts.js";
export type { Connection } from "./connection.js";
export { pause, startDeadline } from "./deadline.js";
export { type RetryOptions, RetryPolicy } from "./retry-policy.js";
export { SessionPositions } from "./session.js";
