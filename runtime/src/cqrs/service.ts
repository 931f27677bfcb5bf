import type { CallContext, Clock } from "./context.js";
import type { AnyMethod, RequestOf, ResponseOf, StreamKindOf } from "./method.js";
import type { ErrorDefinitions, Rejection, Rejections } from "./rejection.js";
import type { NotPage, ReadModelDefinition, ReadModelTypes, View } from "./view.js";

/** The types of a service, as the generator prints them. */
export interface ServiceTypes {
  /** Each rpc, by local name. */
  readonly methods: object;
  /** The commands without an aggregate, each with the names of its declared errors (`never` for none). */
  readonly commands: object;
  /** The local names of the queries. */
  readonly queries: PropertyKey;
  /** The errors that those commands declare. */
  readonly errors: object;
  /** The read models that its queries may use, by local name. */
  readonly views: object;
}

/** What the handler of a method receives: one request, or a stream of requests. */
export type HandlerInput<M> = StreamKindOf<M> extends "client" | "bidi" ? AsyncIterable<RequestOf<M>> : RequestOf<M>;

/** What the handler of a method returns: one response, or a stream of responses. `Extra`: what it may return instead of one. */
export type HandlerResult<M, Extra = never> =
  StreamKindOf<M> extends "server" | "bidi"
    ? AsyncIterable<ResponseOf<M>>
    : (ResponseOf<M> & NotPage) | Extra | Promise<(ResponseOf<M> & NotPage) | Extra>;

/** The context of a query handler: the context of the call, the clock, and the read models of the service. */
export interface QueryContext<Views = object> extends CallContext, Clock {
  /** The read models that the service may query, by local name. */
  readonly views: { readonly [K in keyof Views]: Views[K] extends ReadModelTypes ? View<Views[K]> : never };
}

/** The context of a command handler without an aggregate. */
export interface CommandContext extends CallContext, Clock {}

/** A handler for each query. If it returns `undefined`, the call fails with `not_found`. */
export type QueryHandlers<S extends ServiceTypes> = {
  readonly [K in keyof S["methods"] as K extends S["queries"] ? K : never]: (
    query: HandlerInput<S["methods"][K]>,
    ctx: QueryContext<S["views"]>,
  ) => HandlerResult<S["methods"][K], undefined>;
};

/** A handler for each command without an aggregate. */
export type CommandHandlers<S extends ServiceTypes> = {
  readonly [K in keyof S["methods"] as K extends keyof S["commands"] ? K : never]: (
    command: HandlerInput<S["methods"][K]>,
    ctx: CommandContext,
  ) => HandlerResult<S["methods"][K], K extends keyof S["commands"] ? Rejection<S["commands"][K]> : never>;
};

/** Handlers of some methods of a service, as they go into `createApp({ parts })`. */
export interface HandlersPart {
  /** Whether these are the handlers of queries or of commands. */
  readonly kind: "queries" | "commands";
  /** The service of the methods. */
  readonly service: AnyService;
  /** The handlers, by the local name of their method. */
  readonly handlers: { readonly [name: string]: (input: never, ctx: never) => unknown };
}

/** A service: its methods as data, and the functions that define their handlers. */
export interface Service<S extends ServiceTypes = ServiceTypes> extends ServiceDefinition<S> {
  /** Creates a declared error, to be returned by a command handler. */
  readonly reject: Rejections<S["errors"]>;
  /** Defines the handlers of the queries. Does not compile for a service without queries. */
  queries(handlers: [S["queries"]] extends [never] ? never : QueryHandlers<S>): HandlersPart;
  /** Defines the handlers of the commands without an aggregate. Does not compile for a service without such commands. */
  commands(handlers: [keyof S["commands"]] extends [never] ? never : CommandHandlers<S>): HandlersPart;
}

/** A service, as the generator prints it. */
export interface ServiceDefinition<S extends ServiceTypes = ServiceTypes> {
  /** Full proto name: `shop.orders.v1.OrderService`. */
  readonly typeName: string;
  /** Its methods, by local name. */
  readonly methods: S["methods"];
  /** The errors that commands without an aggregate declare, by local name. */
  readonly errors: ErrorDefinitions;
  /** The read models that its queries may use, by local name. A function, so that generated files may import each other. */
  readonly views: () => { readonly [name: string]: { readonly definition: ReadModelDefinition } };
}

/** Any service, whatever its types. */
export interface AnyService extends ServiceDefinition {
  /** Its methods, by local name. */
  readonly methods: { readonly [name: string]: AnyMethod };
}
