// The contract as buf compiles it: files in bytes, requests of plugins, errors of the compiler. Knows no plugin.
export { type CompiledContract, CompileError, type CompileInput, compile } from "./compile.js";
export { explainBuf } from "./explain-problems.js";
export { type ContractFile, readImage } from "./image.js";
export type { CompileProblem } from "./problems.js";
export { isSame, keepSame, recompile, type SourceChanges } from "./recompile.js";
export { encodeRequest, type FileChoice, type FileRun, listRequests, listRuns } from "./requests.js";
export { retainsSourceOptions } from "./source-options.js";
