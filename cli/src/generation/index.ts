// A project generated and written, and what people and programs are shown of it. Commands choose what is generated.
export { type GenerateOptions, generateProject } from "./generate-project.js";
export { printReport, type RunReport } from "./report.js";
