// The handlers of the service under test: each responds as the request demands, and describes what it received.
import { setTimeout } from "node:timers/promises";
import type { MessageInitShape } from "@bufbuild/protobuf";
import type { CommandContext } from "@potter/runtime";
import type {
  BidiStreamRequest,
  ClientStreamRequest,
  ConformancePayloadSchema,
  IdempotentUnaryRequest,
  ServerStreamRequest,
  StreamResponseDefinition,
  UnaryRequest,
  UnaryResponseDefinition,
} from "../gen/connectrpc/conformance/v1/service_pb.js";
import { addMetadata, describeRequest, type Request, toPotterError } from "./echo.js";

/** A response: a payload, and nothing else. */
interface Response {
  readonly payload: MessageInitShape<typeof ConformancePayloadSchema>;
}

/** Unary and IdempotentUnary. */
export function unary(request: UnaryRequest | IdempotentUnaryRequest, ctx: CommandContext): Promise<Response> {
  return respond(request.responseDefinition, [request], ctx);
}

export async function clientStream(
  requests: AsyncIterable<ClientStreamRequest>,
  ctx: CommandContext,
): Promise<Response> {
  const received: ClientStreamRequest[] = [];
  for await (const request of requests) received.push(request);
  return respond(received[0]?.responseDefinition, received, ctx);
}

export function serverStream(request: ServerStreamRequest, ctx: CommandContext): AsyncIterable<Response> {
  const { responseDefinition: definition } = request;
  addMetadata(ctx, definition);
  return stream(definition, 0, [request], ctx);
}

export async function* bidiStream(
  requests: AsyncIterable<BidiStreamRequest>,
  ctx: CommandContext,
): AsyncGenerator<Response> {
  let definition: StreamResponseDefinition | undefined;
  let isFullDuplex = false;
  let isFirst = true;
  let sent = 0;
  let unreported: BidiStreamRequest[] = [];
  for await (const request of requests) {
    if (isFirst) {
      isFirst = false;
      definition = request.responseDefinition;
      isFullDuplex = request.fullDuplex;
      addMetadata(ctx, definition);
    }
    unreported.push(request);
    if (!isFullDuplex) continue;
    const data = definition?.responseData[sent];
    if (data === undefined) break;
    await delay(definition, ctx);
    yield { payload: { data, requestInfo: describeRequest(unreported, sent === 0 ? ctx : undefined) } };
    unreported = [];
    sent++;
  }
  yield* stream(definition, sent, unreported, ctx);
}

/** The response to a call that has one. */
async function respond(
  definition: UnaryResponseDefinition | undefined,
  requests: readonly Request[],
  ctx: CommandContext,
): Promise<Response> {
  addMetadata(ctx, definition);
  await delay(definition, ctx);
  const requestInfo = describeRequest(requests, ctx);
  if (definition?.response.case === "error") throw toPotterError(definition.response.value, requestInfo);
  const data = definition?.response.value;
  return { payload: { requestInfo, ...(data && { data }) } };
}

/** The responses that are demanded, from the one at `sent` on, and then the error. The first response of all describes the request. */
async function* stream(
  definition: StreamResponseDefinition | undefined,
  sent: number,
  requests: readonly Request[],
  ctx: CommandContext,
): AsyncGenerator<Response> {
  if (definition === undefined) return;
  for (const [at, data] of definition.responseData.entries()) {
    if (at < sent) continue;
    await delay(definition, ctx);
    yield { payload: { data, ...(at === 0 && { requestInfo: describeRequest(requests, ctx) }) } };
  }
  if (definition.error === undefined) return;
  const isFirst = definition.responseData.length === 0;
  throw toPotterError(definition.error, isFirst ? describeRequest(requests, ctx) : undefined);
}

/** Waits as the request demands. Ends early, by an error, when the call is aborted. */
async function delay(definition: { readonly responseDelayMs: number } | undefined, ctx: CommandContext): Promise<void> {
  if (definition === undefined || definition.responseDelayMs === 0) return;
  await setTimeout(definition.responseDelayMs, undefined, ctx.signal && { signal: ctx.signal });
}
