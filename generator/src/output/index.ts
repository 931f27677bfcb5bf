// What a run gives: files, by name. No disk.
export type { GeneratedFile } from "./generated-file.js";
