import { isPromise } from "../async/index.js";
import { isPotterError, PotterError, toUnimplemented } from "../errors/index.js";
import type { MessageTypes } from "../message/index.js";
import type { Call, CallResult, Handler, Next } from "./call.js";
import { DefaultCallContext, noOptions, systemClock } from "./call-context.js";
import { cancellationOf } from "./cancellation.js";
import type { CallOptions, Clock } from "./context.js";
import { isFault, logCallFault, markLogged } from "./fault-log.js";
import { type Logger, silentLogger } from "./logger.js";
import type { AnyMethod, Method } from "./method.js";
import { type CheckRequest, compose, type Middleware } from "./middleware.js";
import { RunningCalls } from "./running-calls.js";
import { isTentative } from "./tentative-call.js";

/** The handlers of a bus and what surrounds them. */
export interface BusOptions {
  /** The handler of each method. */
  readonly handlers: ReadonlyMap<AnyMethod, Next | Handler>;
  /** Runs around every call, the first one outermost. Default: none. */
  readonly middleware?: readonly Middleware[];
  /** Returns the check of the requests of a method, which runs after the middleware. Default: none. */
  readonly check?: (method: AnyMethod) => CheckRequest | undefined;
  /** Default: the system clock. */
  readonly clock?: Clock;
  /** Default: no log. */
  readonly logger?: Logger;
  /** Whether calls may wait; otherwise those that ask for it are refused. Default: `false`. */
  readonly waits?: boolean;
  /** Keeps track of the running calls, and can abort them. Default: tracking for this bus only. */
  readonly calls?: RunningCalls;
}

/** Dispatches calls to their handlers: commands and queries alike, for every transport. */
export interface Bus {
  /** Calls a method and resolves with its response. Rejects with a PotterError. */
  send<Req extends MessageTypes, Res extends MessageTypes>(
    method: Method<Req, Res, "unary">,
    request: Req["init"] | Req["message"],
    options?: CallOptions,
  ): Promise<Res["message"]>;
  /** Calls a method with a request message or a stream of them, and resolves with the response and its metadata. */
  dispatch(method: AnyMethod, request: unknown, options?: CallOptions): Promise<CallResult>;
}

/** Creates a bus. Composes the middleware now, once for each method. */
export function createBus(options: BusOptions): Bus {
  const { handlers, middleware = [], check, clock = systemClock, logger = silentLogger } = options;
  const { calls = new RunningCalls(), waits = false } = options;
  const composed = new Map<AnyMethod, Handler>();
  for (const [method, handler] of handlers) composed.set(method, compose(method, middleware, handler, check?.(method)));

  /**
   * Runs a call. A handler that returns at once costs one promise. Otherwise the promise is settled by the handler, or rejected
   * when the call is aborted.
   */
  function carryOut<Answer>(
    method: AnyMethod,
    request: unknown,
    callOptions: CallOptions = noOptions,
    toAnswer: (result: CallResult, context: DefaultCallContext) => Answer,
  ): Promise<Answer> {
    const context = new DefaultCallContext(callOptions, clock, method.endless === true);
    const call: Call = { method, request, context };
    // Begun before the handler only if it fails: a call whose handler returns at once is not seen by others.
    if (calls.isEnded && !calls.begin(context)) return new Promise((_, reject) => context.onFail(reject));
    try {
      const handler = composed.get(method);
      if (handler === undefined) throw unhandled(method);
      // Without the wait its answer could be stale.
      if (callOptions.wait !== undefined && !waits) throw noWaits();
      let value: unknown;
      calls.depth++;
      try {
        value = handler.run(call);
      } finally {
        calls.depth--;
      }
      if (isPromise(value)) {
        calls.begin(context);
        return wait(value, handler, call, context, toAnswer);
      }
      const result = handler.toResult(value);
      if (!isStream(method)) context.release();
      return Promise.resolve(toAnswer(result, context));
    } catch (error) {
      return Promise.reject(fail(error, call, context));
    }
  }

  /** By `then` with both callbacks: an async function, or a further `then`, costs another promise per call. */
  function wait<Answer>(
    value: Promise<unknown>,
    handler: Handler,
    call: Call,
    context: DefaultCallContext,
    toAnswer: (result: CallResult, context: DefaultCallContext) => Answer,
  ): Promise<Answer> {
    return new Promise<Answer>((resolve, reject) => {
      context.onFail(reject);
      value.then(
        (settled) => {
          try {
            const result = handler.toResult(settled);
            end(context, call.method);
            resolve(toAnswer(result, context));
          } catch (error) {
            reject(fail(error, call, context));
          }
        },
        (error: unknown) => reject(fail(error, call, context)),
      );
    });
  }

  /** Ends a call that has failed. Returns the error that its caller receives. */
  function fail(error: unknown, call: Call, context: DefaultCallContext): PotterError {
    end(context, call.method);
    return toPotterError(call, cancellationOf(error, context.options.signal) ?? error);
  }

  function end(context: DefaultCallContext, method: AnyMethod): void {
    // A streamed response only begins here: its caller can cancel until it ends.
    if (!isStream(method)) context.release();
    calls.end(context);
  }

  function toPotterError(call: Call, error: unknown): PotterError {
    const { method, context } = call;
    if (!isPotterError(error)) return hide(call, error, isTentative(context) ? silentLogger : logger);
    // The correlation id is read, and so created, only for an error that is logged.
    if (isFault(error) && !isTentative(context)) {
      logCallFault(logger, error, context.correlationId, { method: nameOf(method) });
    }
    return error;
  }

  function follow(result: CallResult, context: DefaultCallContext): CallResult {
    return { ...result, response: calls.follow(context, result.response as AsyncIterable<unknown>) };
  }

  return {
    dispatch: (method, request, callOptions) =>
      carryOut(method, request, callOptions, isStream(method) && method.endless !== true ? follow : toResult),
    // Not by dispatch: that would cost another promise per call.
    send(method, request, callOptions) {
      let message: unknown;
      try {
        message = method.request.create(request);
      } catch (error) {
        return Promise.reject(error);
      }
      return carryOut(method, message, callOptions, toResponse) as never;
    },
  };
}

function nameOf({ service, name }: AnyMethod): string {
  return `${service}.${name}`;
}

/** Whether the response of a method is a stream. */
export function isStream({ stream }: Pick<AnyMethod, "stream">): boolean {
  return stream === "server" || stream === "bidi";
}

function toResult(result: CallResult): CallResult {
  return result;
}

function toResponse({ response }: CallResult): unknown {
  return response;
}

/** The error of a call that asks an app to wait which does not let its clients wait. */
export function noWaits(): PotterError {
  return new PotterError("unimplemented", "this app has no waits: pass waits: waits() to createApp");
}

function unhandled(method: AnyMethod): PotterError {
  return new PotterError("unimplemented", `${method.service}.${method.name} has no handler in this app`);
}

/**
 * Hides an unexpected error of a handler: the caller gets a correlation id, the log the cause. That of a stub says to both what
 * is not written yet.
 */
function hide(call: Call, cause: unknown, logger: Logger): PotterError {
  const { correlationId } = call.context;
  const unimplemented = toUnimplemented(cause);
  if (unimplemented !== undefined) {
    logger.warn("handler is not written yet", { method: nameOf(call.method), correlationId, error: cause });
    return markLogged(unimplemented, correlationId);
  }
  logger.error("handler failed", { method: nameOf(call.method), correlationId, error: cause });
  const message = `internal error, see the log for correlation id ${correlationId}`;
  return markLogged(new PotterError("internal", message, { cause }), correlationId);
}
