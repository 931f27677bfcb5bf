import { setTimeout } from "node:timers/promises";
import type { MessageInitShape } from "@bufbuild/protobuf";
import { type App, type CallContext, type Code, createApp, PotterError } from "@potter/runtime";
import { type RpcOptions, rpc } from "@potter/runtime/rpc";
import { TestService } from "../gen/grpc/testing/test_cqrs.js";
import type {
  EchoStatus,
  StreamingOutputCallRequest,
  StreamingOutputCallResponseSchema,
} from "../gen/grpc/testing/test_pb.js";

/** Metadata that is sent back: in the headers, and in the trailers. */
const initialEcho = "x-grpc-test-echo-initial";
const trailingEcho = "x-grpc-test-echo-trailing-bin";

/** The error code that the tests demand: number 2. */
const demandable: Readonly<Record<number, Code>> = { 2: "unknown" };

type StreamResponse = MessageInitShape<typeof StreamingOutputCallResponseSchema>;

const commands = TestService.commands({
  emptyCall: () => ({}),
  unaryCall({ responseSize, responseStatus, fillServerId }, ctx) {
    echoMetadata(ctx);
    throwDemanded(responseStatus);
    return { payload: { body: new Uint8Array(responseSize) }, ...(fillServerId && { serverId: "potter" }) };
  },
  streamingOutputCall: (request, ctx) => respond(request, ctx),
  async streamingInputCall(requests) {
    let aggregatedPayloadSize = 0;
    for await (const { payload } of requests) aggregatedPayloadSize += payload?.body.length ?? 0;
    return { aggregatedPayloadSize };
  },
  async *fullDuplexCall(requests, ctx) {
    echoMetadata(ctx);
    for await (const request of requests) yield* respond(request, ctx);
  },
  async *halfDuplexCall(requests, ctx) {
    const received: StreamingOutputCallRequest[] = [];
    for await (const request of requests) received.push(request);
    for (const request of received) yield* respond(request, ctx);
  },
});

async function* respond(
  { responseParameters, responseStatus }: StreamingOutputCallRequest,
  { signal }: CallContext,
): AsyncGenerator<StreamResponse> {
  for (const { size, intervalUs } of responseParameters) {
    if (intervalUs > 0) await setTimeout(intervalUs / 1000, undefined, signal && { signal });
    yield { payload: { body: new Uint8Array(size) } };
  }
  throwDemanded(responseStatus);
}

function throwDemanded(status: EchoStatus | undefined): void {
  if (status === undefined || status.code === 0) return;
  const code = demandable[status.code];
  if (code === undefined) throw new PotterError("invalid_argument", `no test demands the status ${status.code}`);
  // By default, the messages of this code are not sent.
  throw new PotterError(code, status.message, { confidential: false });
}

function echoMetadata({ requestHeaders, responseHeaders, responseTrailers }: CallContext): void {
  for (const value of requestHeaders.getAll(initialEcho)) responseHeaders.append(initialEcho, value);
  for (const value of requestHeaders.getAll(trailingEcho)) responseTrailers.append(trailingEcho, value);
}

/** The app that the tests call. */
export function createTestApp(options?: RpcOptions): App {
  return createApp({ parts: [commands], transports: [rpc(options)] });
}
