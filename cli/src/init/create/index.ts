// A new project: its files, and their way into a folder that is empty or has none of them. Never replaces a file.
export { type CreatedProject, createProject, type NewProject, readEntries } from "./create-project.js";
export { printBufYaml, printTemplate } from "./print-buf.js";
export { projectFiles } from "./project-files.js";
