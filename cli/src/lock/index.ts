// `potter lock`: the contract is recorded in a file that is committed. What it loses is refused.
export { help, run } from "./lock.js";
