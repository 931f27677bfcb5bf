// What a run gives: files, by name. No disk.
export { distinctPaths, type PathChoice } from "./distinct-paths.js";
export type { GeneratedFile } from "./generated-file.js";
