// What programs that run the generator need beside its root, such as the command `potter`: requests, options of plugins, the names
// of GraphQL, texts for excerpts.
export { type EncodedFile, Linker, listOptionFields, readRequest, type Source } from "../descriptors/index.js";
export {
  type ArgsOf as DiagnosticArgs,
  type Code as DiagnosticCode,
  type catalogue as diagnosticCatalogue,
  type Diagnostic,
  Diagnostics,
  type ElementRef,
  type Excerpt,
  findExcerpt,
  formatPretty,
  type Location,
  locate,
  locateBody,
  printExcerpt,
  type ReadText,
  suggest,
} from "../diagnostics/index.js";
export {
  type ContractDifference,
  findLegacyOptions,
  type LegacyContract,
  type LegacyFile,
  type LegacyOption,
} from "../legacy/index.js";
export { listFileReferences } from "../model/index.js";
export {
  type Analysis,
  analyse,
  analyseSource,
  type ChosenTarget,
  type CompiledForm,
  emit,
  type GenerationResult,
  type Transpile,
  version,
} from "../pipeline/index.js";
export { chooseTargets, findText, findTextPath, type Plugin, plugins, type ReadFile } from "../plugin/index.js";
export { lockNames } from "../targets/graphql/index.js";
export { OptionError } from "../targets/index.js";
export { createTranspiler } from "../transpiler/index.js";
