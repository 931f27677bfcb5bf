// The output of a run: files by name. Does not write to disk.
export { distinctPaths, type PathChoice } from "./distinct-paths.js";
export type { GeneratedFile } from "./generated-file.js";
