import type { AnyMethod, CallOptions, CallResult, Logger } from "../cqrs/index.js";
import type { PageTokens } from "../paging/index.js";
import type { CallerOptions, CallerRequest } from "./caller.js";
import type { HttpRoutes } from "./http.js";
import type { SiteCheck } from "./site-check.js";

/** A method, bound to what carries it out. */
export interface BoundMethod {
  readonly method: AnyMethod;
  /**
   * Calls it with a request that is a message of its codec; an async iterable of them where the request is a stream.
   * The response is an async iterable where the answer is a stream.
   */
  invoke(request: unknown, options: CallOptions): Promise<CallResult>;
}

/** What a transport is given of an app. */
export interface TransportHost {
  readonly methods: readonly BoundMethod[];
  readonly logger: Logger;
  /**
   * Who calls, by the app's `caller`: asked of each request that is for a method, before its body is read, and given to all of its calls. What
   * it rejects with refuses the request. Absent: the app has none, and nobody is asked.
   */
  readonly identify?: ((request: CallerRequest) => Promise<CallerOptions>) | undefined;
  /**
   * Which web pages may act for whoever looks at them. It has been asked of every request but those of safe methods such as GET: a transport
   * that lets one of those change something asks it. Absent: those of the same origin.
   */
  readonly sites?: SiteCheck | undefined;
  /** Calls any method of the app, also one that is no rpc: see `eventsMethod`. Requests and responses as with `invoke`. */
  dispatch(method: AnyMethod, request: unknown, options?: CallOptions): Promise<CallResult>;
  /** What page tokens are made by, for transports that make cursors of their own. Absent: a transport has its own secret, for this process. */
  readonly pageTokens?: PageTokens | undefined;
  /**
   * Calls back when the app begins to stop, for connections that would otherwise bring new calls. Returns the function that takes it
   * back. Absent: nobody tells.
   */
  onStop?(listener: () => void): () => void;
}

/** A way in over HTTP: REST, GraphQL, Connect. */
export interface Transport {
  /** For messages: `rest`. */
  readonly name: string;
  /** Compiles its routes, once, when the app starts. Throws an error about what is wrong with them. */
  mount(host: TransportHost): HttpRoutes;
}
