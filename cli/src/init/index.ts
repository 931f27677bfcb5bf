// `potter init`, which is also `npm create potter`: a new project, or Potter in one that uses buf.
export { help, run } from "./init.js";
