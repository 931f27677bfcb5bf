import type { GraphQLSchema } from "graphql";
import type { GraphQLContract } from "../../graphql/index.js";
import type { EventsOptions, HttpRoutes } from "../../http/index.js";
import type { CsrfOptions } from "./csrf.js";
import type { PersistedDocuments } from "./engine/index.js";
import type { GraphQLLimits } from "./limits/index.js";
import type { GraphQLRequest, WebSocketOptions } from "./websocket/index.js";

/** What is served. */
export type GraphQLSource =
  | {
      /** The generated modules: `graphqlContract` of one or several. They are bound to the app. */
      readonly modules: readonly GraphQLContract[];
      readonly schema?: never;
    }
  | {
      /** An executable schema of yours. */
      readonly schema: GraphQLSchema;
      readonly modules?: never;
    };

/** How GraphQL is served. */
export type GraphQLOptions = GraphQLSource & {
  /** Default: `/graphql`. */
  readonly path?: string;
  /** How callers say who they are: what a 401 sends as `www-authenticate`. Default: `Bearer`. */
  readonly challenge?: string;
  /** What resolvers of yours find in the context, beside `call`: who calls, as the `caller` of the app found out. */
  readonly context?: (request: GraphQLRequest) => object | Promise<object>;
  /** What one operation may cost and how large it may be. Default: those of `GraphQLLimits`. */
  readonly limits?: GraphQLLimits;
  /**
   * Whether a `GET` is refused that a page of another site could have sent unasked: one without a header such as
   * `graphql-require-preflight`, or a `content-type` of its own. Default: `true`.
   */
  readonly csrf?: CsrfOptions;
  /** How server-sent events are sent. */
  readonly events?: EventsOptions;
  /**
   * How WebSockets are served, by graphql-transport-ws, where the server takes them: see `ws` of `@potter/runtime/ws`. `false`: not at all.
   */
  readonly webSocket?: WebSocketOptions | false;
  /** What is shown to whoever opens the path in a browser: see `graphiql` of `@potter/runtime/graphiql`. Default: nothing. */
  readonly ide?: (path: string) => HttpRoutes;
  /** Whether clients may ask for the schema; `__typename` they always may. Default: `true`. */
  readonly introspection?: boolean;
  /** How many documents are kept parsed and validated. Default: 1,000. */
  readonly cachedDocuments?: number;
  /** Documents that clients name in place of sending them. Default: none. */
  readonly persistedDocuments?: PersistedDocuments;
};
