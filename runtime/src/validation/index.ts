// Validation by the rules of protovalidate. What stands in `compile-*` and `protovalidate.ts` is loaded only when there are rules.
export { loadValidation } from "./load.js";
export { hasRules } from "./rules-present.js";
export type { Validate, Validation } from "./validate.js";
