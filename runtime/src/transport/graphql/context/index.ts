// What one operation shares: its context, made from a request, the position at which a subscription resumes, and errors as
// clients see them. Nothing here knows a schema or a transport protocol.
export { toClient } from "./client-error.js";
export { type GraphQLContext, joinContexts, type RequestLike, toContext } from "./context.js";
export { type ErrorPlace, type PotterErrorExtensions, toGraphQLError } from "./graphql-error.js";
export { keepPlace, placeOf } from "./resume-position.js";
