// Reads the rules of protovalidate, and words those that no keyword can express.
export { type Notes, noteRules } from "./notes.js";
export { type Choice, type Rules, type RuleValues, readChoices, readFieldRules, readMessageCel } from "./rules.js";
