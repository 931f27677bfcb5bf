import { create, type MessageInitShape } from "@bufbuild/protobuf";
import type { CallOptions, Client } from "@potter/client";
import type {
  ClientCompatRequest,
  ClientResponseResultSchema,
} from "../gen/connectrpc/conformance/v1/client_compat_pb.js";
import { StreamType } from "../gen/connectrpc/conformance/v1/config_pb.js";
import { ConformanceService } from "../gen/connectrpc/conformance/v1/service_client.js";
import {
  BidiStreamRequestSchema,
  ClientStreamRequestSchema,
  type ConformancePayload,
  ConformancePayloadSchema,
  IdempotentUnaryRequestSchema,
  ServerStreamRequestSchema,
  UnaryRequestSchema,
  UnimplementedRequestSchema,
} from "../gen/connectrpc/conformance/v1/service_pb.js";
import { findClient } from "./clients.js";
import { Outcome } from "./outcome.js";
import { Requests } from "./requests.js";

type Result = MessageInitShape<typeof ClientResponseResultSchema>;

interface Response {
  readonly $typeName: string;
  readonly payload?: ConformancePayload | undefined;
}

/** Makes a call as it is demanded, and describes its outcome. Rejects if it cannot be made. */
export async function makeCall(request: ClientCompatRequest): Promise<Result> {
  const { streamType, method = "", timeoutMs, requestHeaders, cancel } = request;
  const controller = new AbortController();
  const client = findClient(request);
  const outcome = new Outcome();
  const requests = new Requests(request, controller);
  const options: CallOptions = {
    headers: Object.fromEntries(requestHeaders.map(({ name, value }) => [name, value])),
    signal: controller.signal,
    ...(timeoutMs !== undefined && { timeout: timeoutMs }),
  };
  const receive = ({ payload }: Response): void => {
    outcome.add(payload ?? create(ConformancePayloadSchema));
    requests.answered();
    const { cancelTiming } = cancel ?? {};
    if (cancelTiming?.case === "afterNumResponses" && outcome.payloads.length === cancelTiming.value)
      controller.abort();
  };
  let failure: unknown;
  try {
    if (streamType === StreamType.UNARY || streamType === StreamType.CLIENT_STREAM) {
      const call = callOne(client, method, requests, options);
      if (streamType === StreamType.UNARY) requests.closed();
      const result = await call;
      outcome.begin(result);
      receive(result.response);
    } else {
      const call = callStream(client, method, requests, options);
      if (streamType === StreamType.SERVER_STREAM) requests.closed();
      outcome.begin(await call.answer());
      for await (const response of call) receive(response);
    }
  } catch (error) {
    failure = error;
  } finally {
    requests.answered();
  }
  return outcome.describe(failure);
}

function callOne(client: Client, method: string, requests: Requests, options: CallOptions) {
  const service = client.of(ConformanceService);
  switch (method) {
    case "Unary":
      return service.unary(requests.one(UnaryRequestSchema), options).result();
    case "IdempotentUnary":
      return service.idempotentUnary(requests.one(IdempotentUnaryRequestSchema), options).result();
    case "Unimplemented":
      return service.unimplemented(requests.one(UnimplementedRequestSchema), options).result();
    case "ClientStream":
      return service.clientStream(requests.stream(ClientStreamRequestSchema), options).result();
    default:
      throw new Error(`there is no method ${method} with one response`);
  }
}

function callStream(client: Client, method: string, requests: Requests, options: CallOptions) {
  const service = client.of(ConformanceService);
  switch (method) {
    case "ServerStream":
      return service.serverStream(requests.one(ServerStreamRequestSchema), options);
    case "BidiStream":
      return service.bidiStream(requests.stream(BidiStreamRequestSchema), options);
    default:
      throw new Error(`there is no method ${method} with a stream of responses`);
  }
}
