// `potter explain`: the pages of docs/diagnostics, which this package contains.
export { help, run } from "./explain.js";
