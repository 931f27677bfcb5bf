import type { GraphQLSchema } from "graphql";
import type { GraphQLContract } from "../../graphql-bindings/index.js";
import type { EventsOptions, HttpRoutes } from "../../http/index.js";
import type { CsrfOptions } from "./csrf.js";
import type { PersistedDocuments } from "./engine/index.js";
import type { GraphQLLimits } from "./limits/index.js";
import type { GraphQLRequest, WebSocketOptions } from "./websocket/index.js";

/** The schema to serve: generated modules or your own executable schema. */
export type GraphQLSource =
  | {
      /** The generated modules, one or several `graphqlContract`. `graphql` binds them to the app. */
      readonly modules: readonly GraphQLContract[];
      readonly schema?: never;
    }
  | {
      /** Your own executable schema. */
      readonly schema: GraphQLSchema;
      readonly modules?: never;
    };

/** Options of `graphql`. */
export type GraphQLOptions = GraphQLSource & {
  /** Path of the endpoint. Default: `/graphql`. */
  readonly path?: string;
  /** Authentication scheme that a 401 response sends as `www-authenticate`. Default: `Bearer`. */
  readonly challenge?: string;
  /**
   * Adds properties to the context of your own resolvers, called once for each operation. The context also has `call`: the
   * call options, including the caller that the `caller` hook of the app identified.
   */
  readonly context?: (request: GraphQLRequest) => object | Promise<object>;
  /**
   * Limits of documents and operations. A request beyond one of them is rejected before anything is executed. Default: those
   * of `GraphQLLimits`.
   */
  readonly limits?: GraphQLLimits;
  /**
   * CSRF protection of `GET`. A `GET` must have a header that requires a CORS preflight, such as `graphql-require-preflight`,
   * or come from the same origin. Default: `true`.
   */
  readonly csrf?: CsrfOptions;
  /** Options of subscriptions over server-sent events. */
  readonly events?: EventsOptions;
  /**
   * Options of WebSockets (protocol graphql-transport-ws). They need a server that accepts WebSockets: see `ws` of
   * `@potter/runtime/ws`. `false` disables them.
   */
  readonly webSocket?: WebSocketOptions | false;
  /** Page for browsers that open the path: see `graphiql` of `@potter/runtime/graphiql`. Default: none. */
  readonly ide?: (path: string) => HttpRoutes;
  /** Whether clients may query `__schema` and `__type`; `__typename` is always allowed. Default: `true`. */
  readonly introspection?: boolean;
  /** Maximum number of parsed and validated documents in the cache. Default: 1,000. */
  readonly cachedDocuments?: number;
  /** Documents that clients request by id or hash instead of sending them. Default: none. */
  readonly persistedDocuments?: PersistedDocuments;
};
