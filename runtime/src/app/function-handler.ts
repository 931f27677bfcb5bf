import {
  type AnyMethod,
  type AnyService,
  type Call,
  type CallContext,
  type CallResult,
  type Clock,
  CreatedItems,
  type Handler,
  isRejection,
  isStream,
  toError,
  type View,
  withItemIdOf,
} from "../cqrs/index.js";
import { PotterError } from "../errors/index.js";
import type { EventStore } from "../store/ports/index.js";
import { once } from "./idempotent-command.js";
import { DefaultQueryContext } from "./query-context.js";

type HandlerFunction = (input: unknown, ctx: CallContext & Clock) => unknown;

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
  handler: HandlerFunction,
  functions: FunctionContext,
): Handler {
  const toResult = createToResult(method);
  if (method.kind === "query") {
    return {
      run: (call) => handler(call.request, new DefaultQueryContext(call.context, functions.views(service, call))),
      toResult,
    };
  }
  const command: Handler = { run: (call) => handler(call.request, call.context), toResult };
  return method.stream === "unary" ? once(method, functions.events, command) : command;
}

/** Converts what a handler returned to the result. */
function createToResult(method: AnyMethod): (value: unknown) => CallResult {
  const { response: codec } = method;
  if (isStream(method)) {
    return (responses) => ({ response: withItemIdOf(new CreatedItems(codec, responses), responses) });
  }
  return (response) => {
    if (response === undefined) throw new PotterError("not_found", `${method.name} found nothing`);
    if (isRejection(response)) throw toError(response);
    return { response: codec.create(response) };
  };
}
