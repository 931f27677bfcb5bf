// The types of checks, and whether a message type has rules. Must not load protovalidate.
export { hasRules } from "./rules-present.js";
export type { Validate, Validation } from "./validate.js";
