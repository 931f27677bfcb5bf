// How much a document or an operation may request: limits, the shape of a document, costs, the size of variables. Executes
// nothing and knows no protocol.
export { OperationCost } from "./cost.js";
export { findDocumentExcess } from "./document-shape.js";
export { findInputExcess } from "./input-size.js";
export { IntrospectionCost } from "./introspection-cost.js";
export { checkPositiveInteger, type GraphQLLimits, readLimits } from "./limits.js";
