// Validation by the rules of protovalidate. What stands in `protovalidate/` is loaded only when there are rules.
export { loadValidation } from "./load.js";
export { hasRules, type Validate, type Validation } from "./rules/index.js";
