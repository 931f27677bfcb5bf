// The operations of a document: paths, parameters, bodies, responses. Knows nothing of the document as a whole.
export { Components } from "./components.js";
export { listEndpoints, nameTags, type ServiceTag } from "./endpoints.js";
export { namedMethods } from "./http-methods.js";
export { buildOperation, type Endpoint, requiresAuthorization } from "./operation.js";
export { describeService } from "./summaries.js";
export { buildWaitOperation, waitTag } from "./wait-operation.js";
export { isAwaited, waitPath } from "./waits.js";
