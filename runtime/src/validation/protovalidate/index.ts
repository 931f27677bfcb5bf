// The checks themselves: protovalidate, and a fast path in front of it. Loaded only where there are rules.
export { createValidation } from "./create-validation.js";
