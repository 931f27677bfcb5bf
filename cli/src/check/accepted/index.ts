// Changes that a review has accepted, with a reason and a date.
export { type AcceptedFinding, applyAccepted, type Judged } from "./apply-accepted.js";
export { type Acceptance, readAccepted } from "./read-accepted.js";
