// `potter init`, which is also `npm create potter`: a new project, or Potter in one that uses buf.
export { run } from "./init.js";
export { help } from "./options.js";
