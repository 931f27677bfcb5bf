// What a target is. Each has a folder of its own here and knows no other.
export type { OptionSpec, OptionSpecs, OptionValues } from "./options.js";
export type { Target } from "./target.js";
