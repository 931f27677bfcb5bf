// GraphQL: the executable schema of an app, and how it is served.
export type { GraphQLContract } from "../../graphql/index.js";
export type { EventsOptions } from "../../http/index.js";
export {
  type ErrorPlace,
  type GraphQLContext,
  type PotterErrorExtensions,
  type RequestLike,
  toContext,
  toGraphQLError,
} from "./context/index.js";
export type { CsrfOptions } from "./csrf.js";
export type { DocumentStore, FindDocument, PersistedDocuments } from "./engine/index.js";
export { graphql } from "./graphql.js";
export type { GraphQLLimits } from "./limits/index.js";
export type { GraphQLOptions, GraphQLSource } from "./options.js";
export {
  createGraphQLSchema,
  type ExecutableGraphQL,
  type GraphQLHost,
  type GraphQLResolvers,
  type GraphQLSchemaOptions,
} from "./schema/index.js";
export type { GraphQLRequest, WebSocketOptions } from "./websocket/index.js";
