// What a check is, and what it finds.
export { type CheckName, type Explanation, explanations } from "./explanations.js";
export {
  type Check,
  type CheckedFinding,
  error,
  type Finding,
  messageOf,
  ok,
  type Status,
  warning,
} from "./finding.js";
