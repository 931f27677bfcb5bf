// `potter doctor`: whether a project has what it needs, also if it is broken. Each check reports and none throws.
export { help, run } from "./command.js";
