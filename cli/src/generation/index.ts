// A project generated and written, and what people and programs are shown of it. Commands choose what is generated.
export { type GenerateOptions, generateProject } from "./generate-project.js";
export { createPhaseClock, type Phase } from "./phases.js";
export { describeRuns, listNotes, printReport, type RunReport, summarize, toJson } from "./report.js";
export { type PlannedRun, planRun, type RunChoice, writeRun } from "./run.js";
