import {
  type AnyMethod,
  type AnyService,
  type Call,
  type CallContext,
  type CallResult,
  type Clock,
  isRejection,
  type Next,
  streamItemIdOf,
  toError,
  type View,
  withStreamItemId,
} from "../cqrs/index.js";
import { PotterError } from "../errors/index.js";
import type { EventStore } from "../store/ports/index.js";
import { once } from "./idempotent-command.js";
import { DefaultQueryContext } from "./query-context.js";

type Handler = (input: unknown, ctx: CallContext & Clock) => unknown;

/** The dependencies of handlers that are plain functions. */
export interface FunctionContext {
  readonly events: EventStore;
  /** The views of a service for one call. */
  views(service: AnyService, call: Call): { readonly [name: string]: View };
}

/** Creates the handler of a method from a plain function: a query, or a command without an aggregate. */
export function createFunctionHandler(
  method: AnyMethod,
  service: AnyService,
  handler: Handler,
  functions: FunctionContext,
): Next {
  const answer = createAnswer(method);
  const invoke: Next =
    method.kind === "query"
      ? (call) => answer(handler(call.request, new DefaultQueryContext(call.context, functions.views(service, call))))
      : (call) => answer(handler(call.request, call.context));
  return method.kind === "command" && method.stream === "unary" ? once(method, functions.events, invoke) : invoke;
}

/**
 * Converts return values of a handler to results. Chained to the handler's promise: an `await` here costs another
 * promise per call.
 */
function createAnswer(method: AnyMethod): (given: unknown) => Promise<CallResult> {
  const { response: codec } = method;
  if (method.stream === "server" || method.stream === "bidi") {
    return async (given) => ({ response: createAll(method, given as AsyncIterable<unknown>) });
  }
  const toResult = (response: unknown): CallResult => {
    if (response === undefined) throw new PotterError("not_found", `${method.name} found nothing`);
    if (isRejection(response)) throw toError(response);
    return { response: codec.create(response) };
  };
  return (given) => Promise.resolve(given).then(toResult);
}

async function* createAll(method: AnyMethod, responses: AsyncIterable<unknown>): AsyncGenerator<unknown> {
  for await (const response of responses) {
    const message = method.response.create(response) as object;
    const id = message === response ? undefined : streamItemIdOf(response);
    yield id === undefined ? message : withStreamItemId(message, id);
  }
}
