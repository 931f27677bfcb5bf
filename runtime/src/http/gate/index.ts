// The checks before all routes of an app: CORS, CSRF, host names. Reads no bodies and knows no transport.
export type { CorsHeaders, CorsOptions } from "./cors.js";
export { CsrfCheck } from "./csrf-check.js";
export { createGate, firstOf, type Gate, type HttpOptions } from "./gate.js";
