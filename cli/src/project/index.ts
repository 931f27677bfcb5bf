// The project of a user: the folder, and what its buf.gen.yaml says. Runs nothing.
export { type InputFiles, listInputFiles } from "./input-files.js";
export { openProject, type Project } from "./project.js";
export type { PluginEntry, Template } from "./template.js";
