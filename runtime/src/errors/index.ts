// The one error type and its codes. No numbers of any transport, no import from another room.
export type { Code } from "./code.js";
export {
  type ErrorDetail,
  isPotterError,
  PotterError,
  type PotterErrorOptions,
  type Violation,
} from "./potter-error.js";
export { isTemporary, isWorthRetrying, markEnded } from "./temporary.js";
