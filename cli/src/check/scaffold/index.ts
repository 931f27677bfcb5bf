// What users' files lack of the contract, as the scaffold finds it.
export { toScaffoldFindings } from "./to-findings.js";
