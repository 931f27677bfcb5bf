import type { AnyMethod, CallOptions, CallResult } from "../../../cqrs/index.js";
import type { PageTokens } from "../../../paging/index.js";

/** Calls the methods of a contract: an app, or the host that a transport receives. */
export interface GraphQLDispatcher {
  /** Calls a method with a request message. The response of a server stream is an async iterable. */
  dispatch(method: AnyMethod, request: unknown, options?: CallOptions): Promise<CallResult>;
  /** Seals the cursors of connections. Default: a random secret, with which cursors are valid in this process only. */
  readonly pageTokens?: PageTokens | undefined;
}
