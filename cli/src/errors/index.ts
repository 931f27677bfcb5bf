// Errors of contracts, printed with excerpts: for all commands that compile one.
export { createPlaces, locate, type Places } from "./places.js";
export { type Failure, printErrors, readFailure } from "./print-errors.js";
