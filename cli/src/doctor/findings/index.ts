// What a check is, and what it finds.
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
