// A GraphQL schema that runs on an app: what generated modules say, bound to the app's methods. Knows no server.
export {
  createGraphQLSchema,
  type ExecutableGraphQL,
  type GraphQLResolvers,
  type GraphQLSchemaOptions,
} from "./create-schema.js";
export type { GraphQLHost } from "./dispatcher.js";
export { asPure, asReader, isPure, isReader, type Reader } from "./resolver-traits.js";
