// Validates messages by the rules of protovalidate. `protovalidate/` is loaded only if a contract has rules.
export { loadValidation } from "./load.js";
export { hasRules, type Validate, type Validation } from "./rules/index.js";
