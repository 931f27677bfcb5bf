import { create, type DescMessage, type Message, type MessageInitShape } from "@bufbuild/protobuf";
import {
  type CallOptions,
  Client,
  type ClientOptions,
  credentials,
  Metadata,
  type ServiceError,
  type StatusObject,
} from "@grpc/grpc-js";
import { type ConformancePayload, ConformanceService } from "../gen/connectrpc/conformance/v1/service_pb.js";
import type { ForeignClient, Options, Outcome, Response } from "./foreign-client.js";
import { methods } from "./grpc-methods.js";
import { toError, toMap } from "./grpc-status.js";

/** A running call, of any kind. */
interface Running {
  on(event: "metadata", listener: (metadata: Metadata) => void): unknown;
  on(event: "status", listener: (status: StatusObject) => void): unknown;
  cancel(): void;
}

/** The sending side of a running call. */
interface Sender {
  write(message: Message): boolean;
  end(): void;
  cancel(): void;
}

/** Makes a call, gives it to `begin`, and yields its responses. */
type Call = (metadata: Metadata, options: CallOptions, begin: (running: Running) => void) => AsyncIterable<Response>;

/** grpc-js, by the functions that its stubs call. */
export function grpcJs(address: string, options: ClientOptions = {}): ForeignClient {
  const client = new Client(address, credentials.createInsecure(), options);

  const unary = (
    name: "unary" | "idempotentUnary" | "unimplemented",
    request: Record<string, unknown>,
    call?: Options,
  ) =>
    collect(async function* (metadata, callOptions, begin) {
      const { path, requestSerialize, responseDeserialize } = methods[name];
      const message = create(ConformanceService.method[name].input as DescMessage, request);
      yield await settle((callback) =>
        begin(
          client.makeUnaryRequest(
            path,
            requestSerialize,
            responseDeserialize,
            message,
            metadata,
            callOptions,
            callback,
          ),
        ),
      );
    }, call);

  return {
    // It emits the error as soon as the trailers have come, and the loop over its stream throws then.
    discardsUnread: true,
    unary: (request, call) => unary("unary", request, call),
    idempotentUnary: (request, call) => unary("idempotentUnary", request, call),
    unimplemented: () => unary("unimplemented", {}),
    serverStream: (request, call, received) =>
      collect(
        async function* (metadata, callOptions, begin) {
          const { path, requestSerialize, responseDeserialize } = methods.serverStream;
          const message = create(ConformanceService.method.serverStream.input, request);
          const running = client.makeServerStreamRequest(
            path,
            requestSerialize,
            responseDeserialize,
            message,
            metadata,
            callOptions,
          );
          begin(running);
          yield* running as AsyncIterable<Response>;
        },
        call,
        received,
      ),
    clientStream: (requests, call) =>
      collect(async function* (metadata, callOptions, begin) {
        const { path, requestSerialize, responseDeserialize } = methods.clientStream;
        yield await settle((callback) => {
          const running = client.makeClientStreamRequest(
            path,
            requestSerialize,
            responseDeserialize,
            metadata,
            callOptions,
            callback,
          );
          begin(running);
          void send(requests, ConformanceService.method.clientStream.input, running);
        });
      }, call),
    bidiStream: (requests, call, received) =>
      collect(
        async function* (metadata, callOptions, begin) {
          const { path, requestSerialize, responseDeserialize } = methods.bidiStream;
          const running = client.makeBidiStreamRequest(
            path,
            requestSerialize,
            responseDeserialize,
            metadata,
            callOptions,
          );
          begin(running);
          void send(requests, ConformanceService.method.bidiStream.input, running);
          yield* running as AsyncIterable<Response>;
        },
        call,
        received,
      ),
    close: () => client.close(),
  };
}

/** The response that a callback receives. */
function settle(run: (callback: (error: ServiceError | null, value?: Message) => void) => void): Promise<Response> {
  return new Promise((resolve, reject) => run((error, value) => (error ? reject(error) : resolve(value as Response))));
}

async function send<Desc extends DescMessage>(
  requests: AsyncIterable<MessageInitShape<Desc>>,
  schema: Desc,
  sender: Sender,
): Promise<void> {
  try {
    for await (const request of requests) sender.write(create(schema, request));
    sender.end();
  } catch {
    sender.cancel();
  }
}

async function collect(
  run: Call,
  { headers = {}, timeout, signal }: Options = {},
  received: (payload: ConformancePayload) => void = () => {},
): Promise<Outcome> {
  const payloads: ConformancePayload[] = [];
  const metadata = new Metadata();
  for (const [name, value] of Object.entries(headers)) {
    metadata.set(name, name.endsWith("-bin") ? Buffer.from(value, "base64") : value);
  }
  let initial = new Metadata();
  let end: (status: StatusObject) => void = () => {};
  const ended = new Promise<StatusObject>((resolve) => {
    end = resolve;
  });
  const begin = (running: Running) => {
    running.on("metadata", (all) => {
      initial = all;
    });
    running.on("status", end);
    signal?.addEventListener("abort", () => running.cancel());
  };
  try {
    const options = timeout === undefined ? {} : { deadline: Date.now() + timeout };
    for await (const { payload } of run(metadata, options, begin)) {
      if (payload === undefined) continue;
      payloads.push(payload);
      received(payload);
    }
  } catch {
    // The status says what went wrong.
  }
  const status = await ended;
  const trailers = toMap(entriesOf(status.metadata));
  const error = status.code === 0 ? undefined : toError(status.code, status.details, trailers);
  return { payloads, headers: toMap(entriesOf(initial)), trailers, ...(error && { error }) };
}

function entriesOf(metadata: Metadata): [string, (string | Buffer)[]][] {
  return Object.keys(metadata.getMap()).map((name) => [name, metadata.get(name)]);
}
