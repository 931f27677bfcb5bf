// The executable schema of an app: the contract of generated modules bound to the app's methods by resolvers. Knows no
// transport protocol.
export { BatchLoader, type KeyListener, type KeyRequest } from "./batch-loader.js";
export {
  createGraphQLSchema,
  type ExecutableGraphQL,
  type GraphQLResolvers,
  type GraphQLSchemaOptions,
} from "./create-schema.js";
export type { GraphQLDispatcher } from "./dispatcher.js";
export {
  asPure,
  asReference,
  asSourceResolver,
  isPure,
  isSourceResolver,
  type ReferenceTrait,
  referenceOf,
  type SourceResolver,
} from "./resolver-traits.js";
