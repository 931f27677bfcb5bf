// The project of a user: the folder, and what its buf.gen.yaml says. Runs nothing.
export { openProject, type Project } from "./project.js";
export type { PluginEntry, Template } from "./template.js";
