// The pipeline from a request to files: descriptors, model, rules, targets. Pure; all callers use it.
export { type Analysis, analyse, analyseSource } from "./analyse.js";
export { type ChosenTarget, emit, type GenerationResult, generate } from "./generate.js";
export type { CompiledForm, Transpile } from "./module-forms.js";
export { version } from "./version.js";
