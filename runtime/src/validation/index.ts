// Validates messages by the rules of protovalidate. `protovalidate/` is loaded only if a contract has rules, and bundled only if
// generated code imports `protovalidate`.
export { loadValidation, protovalidate } from "./load.js";
export { hasRules, type Validate, type Validation } from "./rules/index.js";
