import type { Code, ErrorDetail, Violation } from "../errors/index.js";
import {
  type Answer,
  abortable,
  createFailure,
  type OutgoingCall,
  type StreamItem,
  type Transport,
  toAbortError,
  toFieldPath,
} from "../transport/index.js";
import { toCallOptions } from "./call-options.js";
import type { LocalApp, LocalMethod } from "./local-app.js";
import type { LocalMetadata } from "./local-metadata.js";

/** The options of the transport in the same process. */
export interface LocalTransportOptions {
  /** Who calls: `user`, `tenant`, `tenants` and `metadata`, as `caller` of an app returns them. Default: nobody. */
  readonly caller?: Readonly<Record<string, unknown>> | (() => Readonly<Record<string, unknown>>);
  /** Returns the position of an item of a stream: `streamItemIdOf` of `@potter/runtime`. Default: items have none. */
  readonly itemId?: (item: unknown) => string | undefined;
}

/**
 * Calls an app in the same process, without a network and without text: messages of protobuf-es and ts-proto are passed as they
 * are, those of clients with plain JSON are converted.
 */
export function localTransport(app: LocalApp, options: LocalTransportOptions = {}): Transport {
  const methods = new Map<string, LocalMethod>();
  const find = ({ service, name }: OutgoingCall["method"]): LocalMethod | undefined => {
    if (methods.size === 0) for (const one of app.methods) methods.set(`${one.method.service}/${one.method.name}`, one);
    return methods.get(`${service}/${name}`);
  };

  return {
    async send(call) {
      const found = find(call.method);
      if (found === undefined) throw createFailure(call.method, "unimplemented", `the app has no ${call.method.name}`);
      const { caller } = options;
      const callOptions = { ...(typeof caller === "function" ? caller() : caller), ...toCallOptions(call) };
      try {
        const { response, version } = await found.invoke(toRequest(call, found), callOptions as never);
        return toAnswer(call, found, response, version, callOptions, options.itemId);
      } catch (error) {
        throw toFailure(call, error);
      }
    },
  };
}

function toRequest({ method, request, signal }: OutgoingCall, { method: known }: LocalMethod): unknown {
  const convert = method.request
    ? (message: unknown) => known.request.create(message)
    : (message: unknown) => known.request.fromJson(message as never);
  if (method.stream === "unary" || method.stream === "server") return convert(request);
  return mapEach(abortable(request as AsyncIterable<unknown>, signal), convert);
}

function toAnswer(
  call: OutgoingCall,
  { method: known }: LocalMethod,
  response: unknown,
  version: number | undefined,
  options: { readonly responseHeaders: LocalMetadata; readonly responseTrailers: LocalMetadata },
  itemId: LocalTransportOptions["itemId"],
): Answer {
  const { method } = call;
  const convert = (message: unknown) => (method.response ? message : known.response.toJson(message));
  const headers = options.responseHeaders.toHeaders();
  if (version !== undefined) headers.set("etag", `"${version}"`);
  const trailers = options.responseTrailers.toHeaders();
  if (method.stream === "unary" || method.stream === "client")
    return { response: convert(response), headers, trailers };
  const toItem = (item: unknown): StreamItem => ({ message: convert(item), id: itemId?.(item) });
  const items = abortable(response as AsyncIterable<unknown>, call.signal);
  return { response: failing(call, mapEach(items, toItem)), headers, trailers };
}

async function* mapEach<From, To>(
  items: AsyncIterable<From>,
  convert: (item: From) => To,
): AsyncGenerator<To, void, undefined> {
  for await (const item of items) yield convert(item);
}

async function* failing(
  call: OutgoingCall,
  items: AsyncIterable<StreamItem>,
): AsyncGenerator<StreamItem, void, undefined> {
  try {
    yield* items;
  } catch (error) {
    throw toFailure(call, error);
  }
}

/** A PotterError, by its shape. */
interface LocalError {
  readonly code?: Code;
  readonly violations?: readonly Violation[];
  readonly details?: readonly ErrorDetail[];
  readonly retryAfter?: number;
}

function toFailure({ method, signal }: OutgoingCall, error: unknown): Error {
  if (signal?.aborted) return toAbortError(signal);
  const { code, violations, details, retryAfter } = (
    typeof error === "object" && error !== null ? error : {}
  ) as LocalError;
  if (code === undefined || violations === undefined) {
    return createFailure(method, "internal", `${method.name} has failed`, { cause: error });
  }
  return createFailure(method, code, (error as Error).message, {
    cause: error,
    ...(violations.length > 0 && {
      violations: violations.map(({ field, rule, message }) => ({ field: toFieldPath(field), rule, message })),
    }),
    ...(details && { details: details.map(({ typeName, json }) => ({ typeName, json })) }),
    ...(retryAfter !== undefined && { retryAfter }),
  });
}
