import { isPotterError, PotterError } from "../errors/index.js";
import type { MessageTypes } from "../message/index.js";
import type { Call, CallResult, Handle } from "./call.js";
import { DefaultCallContext, systemClock } from "./call-context.js";
import type { CallOptions, Clock } from "./context.js";
import { type Logger, silentLogger } from "./logger.js";
import type { AnyMethod, Method } from "./method.js";
import { compose, type Middleware } from "./middleware.js";

export interface BusOptions {
  /** The handler of each method. */
  readonly handlers: ReadonlyMap<AnyMethod, Handle>;
  /** Around every call, the first outermost. */
  readonly middleware?: readonly Middleware[];
  readonly clock?: Clock;
  readonly logger?: Logger;
}

/** Takes calls to their handlers. The same for commands and queries, and below every transport. */
export interface Bus {
  /** Calls a method and gives its response. */
  send<Req extends MessageTypes, Res extends MessageTypes>(
    method: Method<Req, Res, "unary">,
    request: Req["init"] | Req["message"],
    options?: CallOptions,
  ): Promise<Res["message"]>;
  /** Calls a method with a request that is a message already, or a stream of them, and gives all that is known of the outcome. */
  dispatch(method: AnyMethod, request: unknown, options?: CallOptions): Promise<CallResult>;
}

/** Makes a bus: middleware is composed now, once for each method. */
export function createBus(options: BusOptions): Bus {
  const { handlers, middleware = [], clock = systemClock, logger = silentLogger } = options;
  const handles = new Map<AnyMethod, Handle>();
  for (const [method, handle] of handlers) handles.set(method, compose(method, middleware, handle));

  async function dispatch(method: AnyMethod, request: unknown, callOptions?: CallOptions): Promise<CallResult> {
    const call = open(method, request, callOptions);
    try {
      return await handleOf(method)(call);
    } catch (error) {
      throw toPotterError(call, error);
    }
  }

  function open(method: AnyMethod, request: unknown, callOptions: CallOptions | undefined): Call {
    return { method, request, context: new DefaultCallContext(callOptions, clock) };
  }

  function handleOf(method: AnyMethod): Handle {
    const handle = handles.get(method);
    if (handle === undefined) throw unhandled(method);
    return handle;
  }

  function toPotterError(call: Call, error: unknown): PotterError {
    return isPotterError(error) ? error : toInternalError(call, error, logger);
  }

  return {
    dispatch,
    // Not by way of dispatch: one promise less for each call.
    async send(method, request, callOptions) {
      const call = open(method, method.request.create(request), callOptions);
      try {
        return (await handleOf(method)(call)).response as never;
      } catch (error) {
        throw toPotterError(call, error);
      }
    },
  };
}

function unhandled(method: AnyMethod): PotterError {
  return new PotterError("unimplemented", `${method.service}.${method.name} has no handler in this app`);
}

/** What a handler throws by mistake stays inside: the caller learns an id to ask about, the log the cause. */
function toInternalError(call: Call, cause: unknown, logger: Logger): PotterError {
  const { correlationId } = call.context;
  logger.error("handler failed", { method: `${call.method.service}.${call.method.name}`, correlationId, error: cause });
  return new PotterError("internal", `internal error, see the log for correlation id ${correlationId}`, { cause });
}
