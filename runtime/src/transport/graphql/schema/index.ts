// A GraphQL schema that runs on an app: what generated modules say, bound to the app's methods. Knows no server.
export { checkCommandHeaders, type GraphQLContext, joinContexts, type RequestLike, toContext } from "./context.js";
export {
  createGraphQLSchema,
  type ExecutableGraphQL,
  type GraphQLResolvers,
  type GraphQLSchemaOptions,
} from "./create-schema.js";
export { type ErrorPlace, type PotterErrorExtensions, toGraphQLError } from "./graphql-error.js";
export type { GraphQLHost } from "./host.js";
export { placeOf } from "./place.js";
export { asPure, asReader, isPure, isReader, type Reader } from "./reader.js";
