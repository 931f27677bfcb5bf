// `potter check`: a contract is compared with an earlier one.
export { help, run } from "./run.js";
