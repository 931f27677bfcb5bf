// Potter's generator as a library: analyse a contract, run targets, format diagnostics.
export { RequestError } from "./descriptors/index.js";
export {
  type Diagnostic,
  formatGithub,
  formatJson,
  formatPretty,
  type Location,
  type ReadText,
} from "./diagnostics/index.js";
export type * from "./model/index.js";
export type { GeneratedFile } from "./output/index.js";
export {
  type Analysis,
  analyse,
  type ChosenTarget,
  type GenerationResult,
  generate,
  version,
} from "./pipeline/index.js";
export { asyncapi } from "./targets/asyncapi/index.js";
export { cqrs } from "./targets/cqrs/index.js";
export { graphql } from "./targets/graphql/index.js";
export type { Target, TargetContext } from "./targets/index.js";
export { defaultsOf, OptionError } from "./targets/index.js";
export { openapi } from "./targets/openapi/index.js";
