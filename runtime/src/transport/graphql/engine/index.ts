// Operations checked, kept and executed. Knows no protocol.
export { textOf } from "../execution/index.js";
export {
  type EngineSettings,
  GraphQLEngine,
  type PreparedOperation,
  type RefusedOperation,
  readSettings,
} from "./engine.js";
export type { GraphQLLimits } from "./limits.js";
export { readOperationParams } from "./operation-params.js";
export type { DocumentStore, FindDocument, PersistedDocuments } from "./persisted-documents.js";
export { refusal } from "./refusal.js";
export type { OperationParams, OperationRequest } from "./request.js";
