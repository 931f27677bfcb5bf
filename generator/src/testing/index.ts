// For tests: compile proto strings, run targets, collect diagnostics. Runs buf; nothing else may import this module.
export { compileProto, type ProtoFiles, root } from "./compile-proto.js";
export { contract } from "./contract.js";
export { diagnose, diagnoseContract, diagnosticsOf } from "./diagnose.js";
export { diagnoseSagas } from "./diagnose-sagas.js";
export {
  documentOf,
  emitAsyncApi,
  emitClients,
  emitCqrs,
  emitGraphQL,
  emitOpenApi,
  emitSagas,
  type GraphQLChoice,
  type MessageLibraryName,
  messageLibraries,
  type OpenApiChoice,
  type Texts,
} from "./emit.js";
export { emitMessages } from "./emit-messages.js";
export { readTree, requestAll, requestScenario, scenarios } from "./fixtures.js";
export { groupGoogleProtos, requestGoogleProtos } from "./google-protos.js";
export { compileLegacy, goPotter, legacyContract } from "./legacy.js";
export { listOperations } from "./list-operations.js";
export { narrowTo, turnAround } from "./narrow-to.js";
export { Project } from "./project.js";
export { refused } from "./refused.js";
export { runExternalPlugin } from "./run-external-plugin.js";
