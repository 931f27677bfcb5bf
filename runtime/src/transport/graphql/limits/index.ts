// How much a document or an operation may request: limits, the shape of a document, costs, the size of variables. Executes
// nothing and knows no protocol.
export { Cost } from "./cost.js";
export { measureShape } from "./document-shape.js";
export { findExcess } from "./input-size.js";
export { IntrospectionCost } from "./introspection-cost.js";
export { checkCount, type GraphQLLimits, readLimits } from "./limits.js";
