// The scaffold: brings users' files up to the contract by insertions. ts-morph finds places, prettier prints what is inserted.
// Load it by a dynamic import: both take long to load.
export { printReport, toJson } from "./print-report.js";
export { type ScaffoldOptions, type ScaffoldResult, scaffold } from "./scaffold.js";
