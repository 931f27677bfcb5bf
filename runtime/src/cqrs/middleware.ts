import type { MessageTypes } from "../message/index.js";
import type { Call, CallResult, Next } from "./call.js";
import type { AnyMethod, Method, StreamKind } from "./method.js";

/** Runs around a call: before `next`, after it, or instead of it. */
export type Interceptor = (call: Call, next: Next) => Promise<CallResult>;

/**
 * Returns the interceptor for a method, or `undefined` for none. Called once for each method when the app starts, so that a call
 * runs only through the interceptors of its method.
 */
export type Middleware = (method: AnyMethod) => Interceptor | undefined;

/** Creates a middleware for one method, with the types of its request and response. */
export function forMethod<Req extends MessageTypes, Res extends MessageTypes, S extends StreamKind>(
  method: Method<Req, Res, S>,
  around: (
    call: Call<Req["message"]>,
    next: Next<Req["message"], Res["message"]>,
  ) => Promise<CallResult<Res["message"]>>,
): Middleware {
  return (candidate) => (candidate === method ? (around as Interceptor) : undefined);
}

/** Wraps the handler of a method in its middleware, the first one outermost. */
export function compose(method: AnyMethod, middleware: readonly Middleware[], handle: Next): Next {
  return middleware.reduceRight<Next>((next, candidate) => {
    const around = candidate(method);
    return around === undefined ? next : (call) => around(call, next);
  }, handle);
}
