// Prepares and executes operations: documents parsed, validated and cached, persisted documents, errors of requests. Knows no
// transport protocol.
export { JsonResult, toJsonText } from "../execution/index.js";
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
export { requestError } from "./request-error.js";
