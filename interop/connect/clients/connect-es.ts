import { create } from "@bufbuild/protobuf";
import { type Any, AnySchema, anyPack } from "@bufbuild/protobuf/wkt";
import { type CallOptions, ConnectError, createClient, type Transport } from "@connectrpc/connect";
import { type ConformancePayload, ConformanceService } from "../gen/connectrpc/conformance/v1/service_pb.js";
import type { ForeignClient, Options, Outcome, Response } from "./foreign-client.js";

/** connect-es over any of its transports. `sends`: the kinds of streams that the transport can send. */
export function connectEs(
  transport: Transport,
  sends: { readonly streams: boolean; readonly fullDuplex: boolean },
  close: () => void = () => {},
): ForeignClient {
  const client = createClient(ConformanceService, transport);
  return {
    unary: (request, options) => collectOne((call) => client.unary(request, call), options),
    idempotentUnary: (request, options) => collectOne((call) => client.idempotentUnary(request, call), options),
    unimplemented: () => collectOne((call) => client.unimplemented({}, call)),
    serverStream: (request, options, received) =>
      collect((call) => client.serverStream(request, call), options, received),
    ...(sends.streams && {
      clientStream: (requests, options) => collectOne((call) => client.clientStream(requests, call), options),
    }),
    ...(sends.fullDuplex && {
      bidiStream: (requests, options, received) =>
        collect((call) => client.bidiStream(requests, call), options, received),
    }),
    close,
  };
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
  let responseHeaders = new Headers();
  let responseTrailers = new Headers();
  const call: CallOptions = {
    headers,
    ...(timeout !== undefined && { timeoutMs: timeout }),
    ...(signal && { signal }),
    onHeader: (all) => {
      responseHeaders = all;
    },
    onTrailer: (all) => {
      responseTrailers = all;
    },
  };
  const outcome = () => ({ payloads, headers: toMap(responseHeaders), trailers: toMap(responseTrailers) });
  try {
    for await (const { payload } of run(call)) {
      if (payload === undefined) continue;
      payloads.push(payload);
      received(payload);
    }
    return outcome();
  } catch (reason) {
    const { code, rawMessage: message, details, metadata } = ConnectError.from(reason);
    // Of a failed call, it delivers headers and trailers together.
    return { ...outcome(), trailers: toMap(metadata), error: { code, message, details: details.map(toAny) } };
  }
}

function toMap(headers: Headers): ReadonlyMap<string, string> {
  return new Map(headers);
}

function toAny(detail: ConnectError["details"][number]): Any {
  if ("desc" in detail) return anyPack(detail.desc, create(detail.desc, detail.value));
  return create(AnySchema, { typeUrl: `type.googleapis.com/${detail.type}`, value: detail.value });
}
