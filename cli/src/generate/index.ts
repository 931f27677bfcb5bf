// `potter generate`: all that buf.gen.yaml names, generated in one pass and written where it differs.
export { help, run } from "./generate.js";
