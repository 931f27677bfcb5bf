// `potter migrate`: options of Go Potter in proto files are rewritten to those of potter.v1.
export { help, run } from "./command.js";
