// Operations checked, kept and executed. Knows no protocol.
export {
  type EngineSettings,
  GraphQLEngine,
  type PreparedOperation,
  type RefusedOperation,
  readSettings,
} from "./engine.js";
export type { GraphQLLimits } from "./limits.js";
export type { OperationRequest } from "./request.js";
