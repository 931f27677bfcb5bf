// The one error type and its codes. Knows no statuses of transports, and imports no other module.
export type { Code } from "./code.js";
export { positionLost } from "./position-lost.js";
export {
  type ErrorDetail,
  isPotterError,
  PotterError,
  type PotterErrorOptions,
  type Violation,
} from "./potter-error.js";
export { isTemporary, isWorthRetrying, markEnded } from "./temporary.js";
export { isStubMessage, isUnimplemented, toUnimplemented } from "./unimplemented.js";
