import type { MessageTypes } from "../message/index.js";
import type { Call, CallResult, Next } from "./call.js";
import type { AnyMethod, Method, StreamKind } from "./method.js";

/** Works around a call: before `next`, after it, or instead of it. */
export type Interceptor = (call: Call, next: Next) => Promise<CallResult>;

/**
 * Asked once for each method when the app starts: what to do around its calls, or `undefined` for
 * nothing, so that a call passes only through what concerns it.
 */
export type Middleware = (method: AnyMethod) => Interceptor | undefined;

/** A middleware for one method, with its types. */
export function forMethod<Req extends MessageTypes, Res extends MessageTypes, S extends StreamKind>(
  method: Method<Req, Res, S>,
  around: (
    call: Call<Req["message"]>,
    next: Next<Req["message"], Res["message"]>,
  ) => Promise<CallResult<Res["message"]>>,
): Middleware {
  return (asked) => (asked === method ? (around as Interceptor) : undefined);
}

/** The handler of a method with its middleware around it, the first outermost. */
export function compose(method: AnyMethod, middleware: readonly Middleware[], handle: Next): Next {
  return middleware.reduceRight<Next>((next, candidate) => {
    const around = candidate(method);
    return around === undefined ? next : (call) => around(call, next);
  }, handle);
}
