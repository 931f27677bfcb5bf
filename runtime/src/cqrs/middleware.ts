import { isPromise, mapItems } from "../async/index.js";
import type { PotterError } from "../errors/index.js";
import type { MessageTypes } from "../message/index.js";
import type { Call, CallResult, Handler, Next } from "./call.js";
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

/** Checks a request message. Returns the error with which its call fails, or undefined. */
export type CheckRequest = (request: unknown) => PotterError | undefined;

/**
 * Wraps the handler of a method in its middleware, the first one outermost. The check runs directly before the handler. A method
 * without middleware keeps the two steps of its handler, so that nothing waits for a promise but the bus.
 */
export function compose(
  method: AnyMethod,
  middleware: readonly Middleware[],
  handler: Next | Handler,
  check: CheckRequest | undefined,
): Handler {
  const whole = typeof handler === "function" ? { run: handler, toResult: asResult } : handler;
  const inner = check === undefined ? whole : withCheck(method, whole, check);
  const interceptors = middleware.flatMap((candidate) => candidate(method) ?? []);
  if (interceptors.length === 0) return inner;
  const run = interceptors.reduceRight<Next>((next, around) => (call) => around(call, next), toNext(inner));
  return { run, toResult: asResult };
}

function withCheck({ stream }: AnyMethod, { run, toResult }: Handler, check: CheckRequest): Handler {
  const checked = (request: unknown): unknown => {
    const error = check(request);
    if (error !== undefined) throw error;
    return request;
  };
  if (stream === "client" || stream === "bidi") {
    // As the handler takes them: an invalid one ends the stream with its error.
    return {
      run: (call) => run({ ...call, request: mapItems(call.request as AsyncIterable<unknown>, checked) }),
      toResult,
    };
  }
  return {
    run(call) {
      checked(call.request);
      return run(call);
    },
    toResult,
  };
}

function toNext({ run, toResult }: Handler): Next {
  return (call) => {
    try {
      const value = run(call);
      return isPromise(value) ? value.then(toResult) : Promise.resolve(toResult(value));
    } catch (error) {
      return Promise.reject(error);
    }
  };
}

function asResult(value: unknown): CallResult {
  return value as CallResult;
}
