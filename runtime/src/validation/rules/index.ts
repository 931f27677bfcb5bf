// What checks are, and whether a type has any. Loads nothing of protovalidate.
export { hasRules } from "./rules-present.js";
export type { Validate, Validation } from "./validate.js";
