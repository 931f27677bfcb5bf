// Potter's generator as a library.
export { type Analysis, analyse } from "./analyse.js";
export { RequestError } from "./descriptors/index.js";
export { type Diagnostic, formatGithub, formatJson, formatPretty, type Location, type ReadText } from "./diagnostics/index.js";
export { type ChosenTarget, type Generation, generate } from "./generate.js";
export type * from "./model/index.js";
export type { GeneratedFile } from "./output/index.js";
export { cqrs } from "./targets/cqrs/index.js";
export type { Target } from "./targets/target.js";
export { version } from "./version.js";
