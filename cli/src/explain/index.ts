// `potter explain`: the page of each code and word that a command prints.
export { help, run } from "./explain.js";
