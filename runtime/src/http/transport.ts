import type { AnyMethod, CallOptions, CallResult, Logger } from "../cqrs/index.js";
import type { PageTokens } from "../paging/index.js";
import type { CallerOptions, CallerRequest } from "./caller.js";
import type { CorsHeaders, CsrfCheck } from "./gate/index.js";
import type { HttpRoutes } from "./http.js";

/** A method, bound to the app that executes it. */
export interface BoundMethod {
  /** The method as data: its messages, bindings and options. */
  readonly method: AnyMethod;
  /**
   * Calls the method. The request is a message of its codec, or an async iterable of them if the request is a stream. The response
   * is an async iterable if it is a stream.
   */
  invoke(request: unknown, options: CallOptions): Promise<CallResult>;
}

/** What a transport receives from its app. */
export interface TransportHost {
  /** The methods of the services that the app serves. */
  readonly methods: readonly BoundMethod[];
  /** The names of all transports of the app, in their order. Absent: they are not known. */
  readonly transports?: readonly string[];
  /** Receives what the operator of the service must know. */
  readonly logger: Logger;
  /**
   * Identifies the caller by the `caller` of the app. A transport calls it for each request to a method, before it reads the body,
   * and passes the result to all calls of the request. A rejection refuses the request. Absent: the app has no `caller`.
   */
  readonly identify?: ((request: CallerRequest) => Promise<CallerOptions>) | undefined;
  /**
   * CSRF protection. It has checked every request except those of safe methods such as GET: a transport that lets a safe method
   * change data calls it too. Absent: only pages of the same origin may change data.
   */
  readonly csrf?: CsrfCheck | undefined;
  /** Calls any method of the app, also one that is no rpc: see `eventsMethod`. Requests and responses as with `invoke`. */
  dispatch(method: AnyMethod, request: unknown, options?: CallOptions): Promise<CallResult>;
  /** Creates page tokens, for transports with their own cursors. Absent: a transport uses its own secret, for this process. */
  readonly pageTokens?: PageTokens | undefined;
  /**
   * Rejects if the store cannot serve calls now: it is not reachable, takes no appends, or has tables with which this release does
   * not work. Asks the database each time. The error is for the log, not for clients. Absent: nothing is known.
   */
  checkReady?(): Promise<void>;
  /**
   * Calls back when the app or its server starts to stop, for connections that would bring new calls. Returns a function that removes the
   * listener. Absent: transports are not notified.
   */
  onStop?(listener: () => void): () => void;
}

/** Serves an app over HTTP: REST, GraphQL, Connect. */
export interface Transport {
  /** For messages: `rest`. */
  readonly name: string;
  /** Its routes are asked before those of other transports, since it recognizes its own requests at paths that both have. */
  readonly first?: true;
  /** The headers of its protocol, for CORS. Absent: it has only those of every call. */
  readonly cors?: CorsHeaders;
  /** Compiles the routes, once, when the app starts. Throws an error that names an invalid route. */
  mount(host: TransportHost): HttpRoutes;
}
