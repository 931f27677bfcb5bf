// Executes operations with closures that are compiled once for each operation (see docs/decisions/0015 and 0029). Generates
// no code from text itself, so it runs on edge platforms too. Knows no contract and no app.
export { type CompiledOperation, compileOperation } from "./compile-operation.js";
export { JsonResult, toJsonText } from "./json-result.js";
