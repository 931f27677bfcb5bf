// The checks: protovalidate, and a fast path in front of it. Loaded only if a contract has rules.
export { createValidation } from "./create-validation.js";
