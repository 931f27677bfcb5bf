// `potter scaffold`: brings users' files up to the contract by insertions. ts-morph finds places, prettier prints what is inserted;
// both are loaded only when files are looked at.
export { help, run } from "./command.js";
export type { ScaffoldGap } from "./gaps.js";
export { ScaffoldMemory } from "./scaffold-memory.js";
export { findProjectGaps, type ScaffoldChoice, type ScaffoldOutcome, scaffoldProject } from "./scaffold-project.js";
