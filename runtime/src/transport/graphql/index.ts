// GraphQL: the executable schema of an app, and how it is served.
export type { GraphQLContract } from "../../graphql/index.js";
export type { CsrfOptions } from "./cross-site.js";
export type { DocumentStore, FindDocument, GraphQLLimits, PersistedDocuments } from "./engine/index.js";
export type { EventsOptions } from "./event-stream.js";
export { graphql } from "./graphql.js";
export type { GraphQLOptions, GraphQLSource } from "./options.js";
export {
  createGraphQLSchema,
  type ErrorPlace,
  type ExecutableGraphQL,
  type GraphQLContext,
  type GraphQLHost,
  type GraphQLResolvers,
  type GraphQLSchemaOptions,
  type PotterErrorExtensions,
  type RequestLike,
  toContext,
  toGraphQLError,
} from "./schema/index.js";
export type { GraphQLRequest, WebSocketOptions } from "./websocket/index.js";
