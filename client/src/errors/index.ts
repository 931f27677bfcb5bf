// What a failed call rejects with. No transport, no status of HTTP.
export type { CallError, Outcome } from "./call-error.js";
export {
  type ErrorDetail,
  isPositionLost,
  isPotterClientError,
  PotterClientError,
  type PotterClientErrorOptions,
  toClientError,
  type Violation,
} from "./client-error.js";
export { type Code, codes } from "./code.js";
export type { ResponseHeaders } from "./response-headers.js";
