// `@potter/runtime/graphql`: serves the GraphQL schema of an app over HTTP, server-sent events and WebSockets. What the
// protocols share is in the folders below; this folder holds HTTP and the options of `graphql`.
export type { GraphQLContract } from "../../graphql-bindings/index.js";
export type { EventsOptions, SocketOptions } from "../../http/index.js";
export {
  type ErrorLocation,
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
  type GraphQLDispatcher,
  type GraphQLResolvers,
  type GraphQLSchemaOptions,
} from "./schema/index.js";
export type { GraphQLRequest, WebSocketOptions } from "./websocket/index.js";
