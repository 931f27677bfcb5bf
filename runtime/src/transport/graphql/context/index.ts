// What one operation shares: its context, made from a request, the position at which a subscription resumes, and errors as
// clients see them. Nothing here knows a schema or a transport protocol.
export { toClientError } from "./client-error.js";
export {
  type GraphQLContext,
  joinContexts,
  OperationContext,
  type RequestLike,
  toContext,
} from "./context.js";
export { type ErrorLocation, type PotterErrorExtensions, toGraphQLError } from "./graphql-error.js";
export { getResumePosition, recordResumePosition } from "./resume-position.js";
