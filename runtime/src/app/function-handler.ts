import {
  type AnyMethod,
  type AnyService,
  type Call,
  type CallContext,
  type CallResult,
  type Clock,
  type Handle,
  isRejection,
  toError,
  type View,
} from "../cqrs/index.js";
import { PotterError } from "../errors/index.js";
import type { EventStore } from "../event-store/index.js";
import { fingerprint } from "../message/index.js";

type Handler = (input: unknown, ctx: CallContext & Clock) => unknown;

/** What handlers that are plain functions are given. */
export interface FunctionContext {
  readonly events: EventStore;
  /** The views of a service for one call. */
  views(service: AnyService, call: Call): { readonly [name: string]: View };
}

/** The handler of a method that is a plain function: a query, or a command without an aggregate. */
export function createFunctionHandler(
  method: AnyMethod,
  service: AnyService,
  handler: Handler,
  functions: FunctionContext,
): Handle {
  const invoke: Handle =
    method.kind === "query"
      ? (call) => answer(method, handler(call.request, withViews(call, functions.views(service, call))))
      : (call) => answer(method, handler(call.request, call.context));
  return method.kind === "command" && method.stream === "unary" ? once(method, functions.events, invoke) : invoke;
}

function withViews(call: Call, views: { readonly [name: string]: View }): CallContext & Clock {
  return Object.create(call.context, { views: { value: views, enumerable: true } }) as CallContext & Clock;
}

async function answer(method: AnyMethod, given: unknown): Promise<CallResult> {
  if (method.stream === "server" || method.stream === "bidi") {
    return { response: createAll(method, given as AsyncIterable<unknown>) };
  }
  const response = isPromise(given) ? await given : given;
  if (response === undefined) throw new PotterError("not_found", `${method.name} found nothing`);
  if (isRejection(response)) throw toError(response);
  return { response: method.response.create(response) };
}

function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as PromiseLike<unknown> | undefined)?.then === "function";
}

async function* createAll(method: AnyMethod, responses: AsyncIterable<unknown>): AsyncGenerator<unknown> {
  for await (const response of responses) yield method.response.create(response);
}

/**
 * Answers a repeated command id with the first answer. The function runs before its answer is recorded, so
 * a crash in between makes it run again: at least once, with the same `commandId` to hand on.
 */
function once(method: AnyMethod, events: EventStore, invoke: Handle): Handle {
  return (call) => (call.context.explicitCommandId ? recorded(call) : invoke(call));

  async function recorded(call: Call): Promise<CallResult> {
    const { context } = call;
    const requestHash = `${method.service}.${method.name}:${fingerprint(method.request.encode(call.request))}`;
    const known = await events.findCommand(context.tenant, context.commandId);
    if (known !== undefined) return replay(method, known, requestHash);
    const result = await invoke(call);
    const record = { id: context.commandId, requestHash, response: method.response.encode(result.response) };
    if (await events.recordCommand(context.tenant, record)) return result;
    const first = await events.findCommand(context.tenant, context.commandId);
    return first === undefined ? result : replay(method, first, requestHash);
  }
}

function replay(
  method: AnyMethod,
  known: { readonly requestHash: string; readonly response: Uint8Array },
  requestHash: string,
): CallResult {
  if (known.requestHash !== requestHash) {
    throw new PotterError("already_exists", "another request was made under this command id");
  }
  return { response: method.response.decode(known.response) };
}
