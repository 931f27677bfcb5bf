// The rules of a comparison: one semantic rule each. They read two contracts and report; no process, no file.
export { compare } from "./compare.js";
export type { Rule } from "./rule.js";
export { rules } from "./rules.js";
export { surfacesOf } from "./surfaces.js";
