import type { AnyMethod, CallOptions, CallResult } from "../../../cqrs/index.js";
import type { PageTokens } from "../../../paging/index.js";

/** What carries out the methods of a contract: an app, or what a transport is given of one. */
export interface GraphQLHost {
  /** Calls a method with a request that is a message; the response is an async iterable where the answer is a stream. */
  dispatch(method: AnyMethod, request: unknown, options?: CallOptions): Promise<CallResult>;
  /** What cursors of paged lists are made by. Absent: by a secret that is made up, so that they are of use in this process only. */
  readonly pageTokens?: PageTokens | undefined;
}
