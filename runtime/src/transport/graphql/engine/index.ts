// Operations checked, kept and executed. Knows no protocol.
export { textOf } from "../execution/index.js";
export {
  type EngineSettings,
  GraphQLEngine,
  type PreparedOperation,
  type RefusedOperation,
  readSettings,
} from "./engine.js";
export { readOperationParams } from "./operation-params.js";
export type { OperationParams, OperationRequest } from "./operation-request.js";
export type { DocumentStore, FindDocument, PersistedDocuments } from "./persisted-documents.js";
export { refusal } from "./request-error.js";
