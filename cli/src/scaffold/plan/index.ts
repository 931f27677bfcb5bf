// Compares the contract with users' files: what to insert, which files to create, what to report. Prints and writes nothing.
export type { Place } from "./gap.js";
export { type NewFile, type NewFileSettings, planFiles } from "./new-file.js";
export type { Note } from "./note.js";
export { lineAndColumn, placeOf } from "./place.js";
export { isTest, type Plan, type PlannedEdit, plan } from "./plan.js";
export { namePartsOf } from "./unlisted.js";
