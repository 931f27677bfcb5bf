// `potter graph`: who emits and who consumes, read from the models of a contract, and drawn.
export { help, run } from "./command.js";
