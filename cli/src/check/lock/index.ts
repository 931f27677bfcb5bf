// The names of potter.lock, compared with those of the contract.
export { findLockFindings } from "./locked-names.js";
