import { create } from "@bufbuild/protobuf";
import { type CallOptions, ClientError, createChannel, createClient, Metadata } from "nice-grpc";
import { type ConformancePayload, ConformanceService } from "../gen/connectrpc/conformance/v1/service_pb.js";
import type { ForeignClient, Options, Outcome, Response } from "./foreign-client.js";
import { methods } from "./grpc-methods.js";
import { toError, toMap } from "./grpc-status.js";

/** nice-grpc with a channel of its own. */
export function niceGrpc(address: string): ForeignClient {
  const channel = createChannel(address);
  const client = createClient(methods as never, channel) as unknown as NiceClient;
  const schema = ConformanceService.method;
  return {
    // As grpc-js does.
    discardsUnread: true,
    unary: (request, options) => collectOne((call) => client.unary(create(schema.unary.input, request), call), options),
    idempotentUnary: (request, options) =>
      collectOne((call) => client.idempotentUnary(create(schema.idempotentUnary.input, request), call), options),
    unimplemented: () => collectOne((call) => client.unimplemented(create(schema.unimplemented.input), call)),
    serverStream: (request, options, received) =>
      collect((call) => client.serverStream(create(schema.serverStream.input, request), call), options, received),
    clientStream: (requests, options) =>
      collectOne(
        (call) =>
          client.clientStream(
            map(requests, (one) => create(schema.clientStream.input, one)),
            call,
          ),
        options,
      ),
    bidiStream: (requests, options, received) =>
      collect(
        (call) =>
          client.bidiStream(
            map(requests, (one) => create(schema.bidiStream.input, one)),
            call,
          ),
        options,
        received,
      ),
    close: () => channel.close(),
  };
}

/** What nice-grpc makes of the methods: its types come from generators that the tests do not use. */
interface NiceClient {
  unary(request: object, options: CallOptions): Promise<Response>;
  idempotentUnary(request: object, options: CallOptions): Promise<Response>;
  unimplemented(request: object, options: CallOptions): Promise<Response>;
  serverStream(request: object, options: CallOptions): AsyncIterable<Response>;
  clientStream(requests: AsyncIterable<object>, options: CallOptions): Promise<Response>;
  bidiStream(requests: AsyncIterable<object>, options: CallOptions): AsyncIterable<Response>;
}

async function* map<In, Out>(values: AsyncIterable<In>, convert: (value: In) => Out): AsyncGenerator<Out> {
  for await (const value of values) yield convert(value);
}

function collectOne(run: (options: CallOptions) => Promise<Response>, options?: Options): Promise<Outcome> {
  return collect(async function* (call) {
    yield await run(call);
  }, options);
}

async function collect(
  run: (options: CallOptions) => AsyncIterable<Response>,
  { headers = {}, timeout, signal }: Options = {},
  received: (payload: ConformancePayload) => void = () => {},
): Promise<Outcome> {
  const payloads: ConformancePayload[] = [];
  const metadata = Metadata();
  for (const [name, value] of Object.entries(headers)) {
    metadata.set(name, name.endsWith("-bin") ? Buffer.from(value, "base64") : value);
  }
  // Without its middleware for deadlines, the header is the client's.
  if (timeout !== undefined) metadata.set("grpc-timeout", `${timeout}m`);
  let initial = Metadata();
  let trailing = Metadata();
  const call: CallOptions = {
    metadata,
    ...(signal && { signal }),
    onHeader: (all) => {
      initial = all;
    },
    onTrailer: (all) => {
      trailing = all;
    },
  };
  let error: Outcome["error"];
  try {
    for await (const { payload } of run(call)) {
      if (payload === undefined) continue;
      payloads.push(payload);
      received(payload);
    }
  } catch (reason) {
    if (reason instanceof ClientError) error = toError(reason.code, reason.details, toMap(trailing));
    else if (signal?.aborted) error = { code: 1, message: "aborted by the caller", details: [] };
    else throw reason;
  }
  return { payloads, headers: toMap(initial), trailers: toMap(trailing), ...(error && { error }) };
}
