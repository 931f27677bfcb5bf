// Operations executed by functions that are put together once for each of them. No code is made from text, so it runs on the edge too.
export { type CompiledOperation, compileOperation } from "./compile-operation.js";
export { textOf } from "./shared-results.js";
