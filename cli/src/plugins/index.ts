// Plugins run on a compiled contract: Potter's own in one pass, protobuf-es in this process, others as processes or by buf.

export { chooseRunner, type Runner } from "./choose-runner.js";
export { type ContractDiagnostics, ContractErrors } from "./contract-errors.js";
export { packageNameOf, programOf } from "./find-package.js";
export {
  type EarlierRun,
  type GeneratedOutputs,
  generateFiles,
  type OutputFolder,
  type PluginRun,
} from "./generate-files.js";
export { PotterPass } from "./potter-pass.js";
export { listPotterPlugins, type PotterPlugin } from "./potter-plugins.js";
export { RunMemory } from "./run-memory.js";
export { findSagasWithoutCode } from "./sagas-without-code.js";
