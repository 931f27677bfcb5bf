// `potter completion`: scripts for shells, made from the descriptions of commands and their options.
export { help, run } from "./command.js";
