import type { GraphQLSchema } from "graphql";
import type { CallOptions } from "../../cqrs/index.js";
import type { GraphQLContract } from "../../graphql/index.js";
import type { HttpRequest } from "../../http/index.js";

/** What an operation may ask for. Beyond a limit it is refused, and nothing of it is executed. */
export interface GraphQLLimits {
  /** How many fields may be nested. Default: 15. */
  readonly depth?: number;
  /**
   * How many fields may be answered: each counts as often as the lists around it are long. A list is as long as its argument
   * `first`, `last`, `limit` or `pageSize` says; that of a connection counts for the lists in it. Default: 50,000.
   */
  readonly cost?: number;
  /** How long a list is taken to be that has no such argument. Default: 10. */
  readonly listSize?: number;
  /** How many fields may have an alias, those of fragments as often as they are spread. Default: 50. */
  readonly aliases?: number;
  /** How many tokens a document may have. Default: 2,000. */
  readonly tokens?: number;
  /** Of the body of a request. Default: 1 MiB. */
  readonly bodyBytes?: number;
}

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
  /** Who calls, as you find out from the request: tenant, user, metadata. An error it throws refuses the request. */
  readonly call?: (request: HttpRequest) => CallOptions | Promise<CallOptions>;
  /** What resolvers of yours find in the context, beside `call`. */
  readonly context?: (request: HttpRequest) => object | Promise<object>;
  readonly limits?: GraphQLLimits;
  /** Whether clients may ask for the schema; `__typename` they always may. Default: `true`. */
  readonly introspection?: boolean;
  /** How many documents are kept parsed and validated. Default: 1,000. */
  readonly cachedDocuments?: number;
};
