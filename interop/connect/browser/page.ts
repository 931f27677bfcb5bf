// Runs in the browser: calls the service by the clients that others wrote for pages. The test calls `run` and compares what it returns.
import { create, type DescMessage, fromBinary, type MessageShape, toBinary } from "@bufbuild/protobuf";
import { ConnectError, createClient, type Transport } from "@connectrpc/connect";
import { createConnectTransport, createGrpcWebTransport } from "@connectrpc/connect-web";
import { type ClientReadableStream, GrpcWebClientBase, type Metadata, MethodDescriptor, type RpcError } from "grpc-web";
import {
  type ConformancePayload,
  ConformanceService,
  type ServerStreamRequest,
  type UnaryRequest,
} from "../gen/connectrpc/conformance/v1/service_pb.js";

/** What a call led to. */
export interface Outcome {
  readonly texts: readonly string[];
  readonly header: string | undefined;
  readonly trailer: string | undefined;
  readonly error?: { readonly code: number; readonly message: string };
}

interface PageClient {
  unary(request: UnaryRequest): Promise<Outcome>;
  serverStream(request: ServerStreamRequest): Promise<Outcome>;
}

const toText = (payload: ConformancePayload | undefined): string => new TextDecoder().decode(payload?.data);

function connectWeb(transport: Transport): PageClient {
  const client = createClient(ConformanceService, transport);
  const collect = async (
    run: (options: object) => AsyncIterable<{ payload?: ConformancePayload }>,
  ): Promise<Outcome> => {
    const texts: string[] = [];
    let header: string | undefined;
    let trailer: string | undefined;
    const options = {
      headers: { "x-asked": "yes" },
      onHeader: (all: Headers) => {
        header = all.get("x-first") ?? undefined;
      },
      onTrailer: (all: Headers) => {
        trailer = all.get("x-last") ?? undefined;
      },
    };
    try {
      for await (const { payload } of run(options)) texts.push(toText(payload));
      return { texts, header, trailer };
    } catch (thrown) {
      const { code, rawMessage: message, metadata } = ConnectError.from(thrown);
      return { texts, header, trailer: trailer ?? metadata.get("x-last") ?? undefined, error: { code, message } };
    }
  };
  return {
    unary: (request) =>
      collect(async function* (options) {
        yield (await client.unary(request, options)) as { payload?: ConformancePayload };
      }),
    serverStream: (request) =>
      collect((options) => client.serverStream(request, options) as AsyncIterable<{ payload?: ConformancePayload }>),
  };
}

/** The JavaScript client of the gRPC-Web project, with the descriptions that its generator prints. */
function grpcWeb(baseUrl: string, format: "text" | "binary"): PageClient {
  const client = new GrpcWebClientBase({ format });
  const describe = <Req extends DescMessage, Res extends DescMessage>(
    name: string,
    kind: string,
    input: Req,
    output: Res,
  ) =>
    new MethodDescriptor<MessageShape<Req>, MessageShape<Res>>(
      `/${ConformanceService.typeName}/${name}`,
      kind,
      Object as never,
      Object as never,
      (message: MessageShape<Req>) => toBinary(input, message),
      (bytes: Uint8Array) => fromBinary(output, bytes),
    );
  const { unary, serverStream } = ConformanceService.method;
  const unaryMethod = describe("Unary", "unary", unary.input, unary.output);
  const streamMethod = describe("ServerStream", "server_streaming", serverStream.input, serverStream.output);
  const collect = (open: (settle: () => void, fail: (error: RpcError) => void) => Open): Promise<Outcome> =>
    new Promise((resolve) => {
      const texts: string[] = [];
      let header: string | undefined;
      let trailer: string | undefined;
      const call = open(
        () => resolve({ texts, header, trailer }),
        ({ code, message, metadata }) =>
          resolve({ texts, header, trailer: trailer ?? metadata?.["x-last"], error: { code, message } }),
      );
      call.on("metadata", (all: Metadata) => {
        header = all["x-first"];
      });
      call.on("status", ({ metadata }) => {
        trailer = metadata?.["x-last"];
      });
      call.on("data", ({ payload }) => texts.push(toText(payload)));
    });
  const asked = { "x-asked": "yes" };
  return {
    unary: (request) =>
      collect((settle, fail) => {
        const texts: ((response: { payload?: ConformancePayload }) => void)[] = [];
        const url = `${baseUrl}${unaryMethod.getName()}`;
        const call = client.rpcCall(url, request, asked, unaryMethod, (error, response) => {
          if (error) return fail(error);
          for (const add of texts) add(response as { payload?: ConformancePayload });
          settle();
        });
        return {
          on: (event: string, listener: never) =>
            event === "data" ? texts.push(listener) : call.on(event as "metadata", listener),
        } as Open;
      }),
    serverStream: (request) =>
      collect((settle, fail) => {
        const call = client.serverStreaming(`${baseUrl}${streamMethod.getName()}`, request, asked, streamMethod);
        call.on("error", fail);
        call.on("end", settle);
        return call as Open;
      }),
  };
}

type Open = Pick<ClientReadableStream<{ payload?: ConformancePayload }>, "on">;

const clients: Readonly<Record<string, (baseUrl: string) => PageClient>> = {
  "grpc-web in text": (baseUrl) => grpcWeb(baseUrl, "text"),
  "grpc-web in binary": (baseUrl) => grpcWeb(baseUrl, "binary"),
  "connect-web by Connect": (baseUrl) => connectWeb(createConnectTransport({ baseUrl, useBinaryFormat: true })),
  "connect-web by gRPC-Web": (baseUrl) => connectWeb(createGrpcWebTransport({ baseUrl })),
};

/** Makes the calls of a client: a success, an error, a stream, and a stream that ends with an error. */
async function run(name: string, baseUrl: string): Promise<readonly Outcome[]> {
  const client = clients[name]?.(baseUrl);
  if (client === undefined) throw new Error(`there is no client ${name}`);
  const { unary, serverStream } = ConformanceService.method;
  const responseHeaders = [{ name: "x-first", value: ["1"] }];
  const responseTrailers = [{ name: "x-last", value: ["9"] }];
  const bytes = (text: string) => new TextEncoder().encode(text);
  const error = { code: 11, message: "no more ☺" };
  const responseData = ["one", "two", "drei ä"].map(bytes);
  const single = (response: object) =>
    create(unary.input, { responseDefinition: { response: response as never, responseHeaders, responseTrailers } });
  const many = (more: object) =>
    create(serverStream.input, { responseDefinition: { responseData, responseHeaders, responseTrailers, ...more } });
  return [
    await client.unary(single({ case: "responseData", value: bytes("Grüße") })),
    await client.unary(single({ case: "error", value: error })),
    await client.serverStream(many({})),
    await client.serverStream(many({ error })),
  ];
}

Object.assign(globalThis, { run });
