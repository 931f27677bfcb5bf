// `potter watch`: generates at each change of the contract, and owns the process that runs the result. chokidar is loaded only here.
export { help, run } from "./command.js";
