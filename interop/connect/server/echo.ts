import { create, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import { anyPack } from "@bufbuild/protobuf/wkt";
import { type CommandContext, type ErrorDetail, PotterError } from "@potter/runtime";
import { codes } from "../codes.js";
import {
  type BidiStreamRequest,
  BidiStreamRequestSchema,
  type ClientStreamRequest,
  ClientStreamRequestSchema,
  ConformancePayload_RequestInfoSchema,
  type Error as ErrorDefinition,
  type Header,
  type IdempotentUnaryRequest,
  IdempotentUnaryRequestSchema,
  type ServerStreamRequest,
  ServerStreamRequestSchema,
  type UnaryRequest,
  UnaryRequestSchema,
} from "../gen/connectrpc/conformance/v1/service_pb.js";

/** A request of any method. */
export type Request =
  | UnaryRequest
  | IdempotentUnaryRequest
  | ServerStreamRequest
  | ClientStreamRequest
  | BidiStreamRequest;

type RequestInfo = MessageInitShape<typeof ConformancePayload_RequestInfoSchema>;

const schemas = Object.fromEntries(
  [
    UnaryRequestSchema,
    IdempotentUnaryRequestSchema,
    ServerStreamRequestSchema,
    ClientStreamRequestSchema,
    BidiStreamRequestSchema,
  ].map((schema) => [schema.typeName, schema]),
) as { readonly [K in Request["$typeName"]]: typeof UnaryRequestSchema };

/** Describes the requests that were received; with a context: their metadata and deadline too. */
export function describeRequest(requests: readonly Request[], ctx: CommandContext | undefined): RequestInfo {
  const packed = requests.map((request) => anyPack(schemas[request.$typeName], request as UnaryRequest));
  if (ctx === undefined) return { requests: packed };
  const timeoutMs = readTimeout(ctx);
  return { requests: packed, requestHeaders: toHeaders(ctx), ...(timeoutMs !== undefined && { timeoutMs }) };
}

/** Adds the metadata that a request demands to the response. */
export function addMetadata(
  { responseHeaders, responseTrailers }: CommandContext,
  definition: { readonly responseHeaders: Header[]; readonly responseTrailers: Header[] } | undefined,
): void {
  for (const { name, value } of definition?.responseHeaders ?? []) {
    for (const one of value) responseHeaders.append(name, one);
  }
  for (const { name, value } of definition?.responseTrailers ?? []) {
    for (const one of value) responseTrailers.append(name, one);
  }
}

/** The error that a request demands. `requestInfo`: becomes its last detail. */
export function toPotterError({ code, message, details }: ErrorDefinition, requestInfo?: RequestInfo): PotterError {
  const name = codes[code - 1];
  if (name === undefined) throw new PotterError("invalid_argument", `there is no error code ${code}`);
  const given = details.map(({ typeUrl, value }): ErrorDetail => {
    return { typeName: typeUrl.slice(typeUrl.lastIndexOf("/") + 1), encode: () => value };
  });
  const all = requestInfo ? [...given, toDetail(requestInfo)] : given;
  // Of the code internal too, the message is for the client.
  return new PotterError(name, message ?? "", { details: all, confidential: false });
}

function toDetail(info: RequestInfo): ErrorDetail {
  const message = create(ConformancePayload_RequestInfoSchema, info);
  return {
    typeName: ConformancePayload_RequestInfoSchema.typeName,
    encode: () => toBinary(ConformancePayload_RequestInfoSchema, message),
  };
}

function toHeaders({ requestHeaders }: CommandContext): { name: string; value: string[] }[] {
  const names = new Set(Array.from(requestHeaders, ([name]) => name));
  return Array.from(names, (name) => ({ name, value: [...requestHeaders.getAll(name)] }));
}

/** The units of `grpc-timeout`, in milliseconds. */
const units: Readonly<Record<string, number>> = { H: 3_600_000, M: 60_000, S: 1000, m: 1, u: 1e-3, n: 1e-6 };

/** The timeout that the client sent, in milliseconds. */
function readTimeout({ requestHeaders }: CommandContext): bigint | undefined {
  const connect = requestHeaders.get("connect-timeout-ms");
  if (connect !== undefined) return BigInt(connect);
  const [, amount, unit = ""] = /^(\d+)([HMSmun])$/.exec(requestHeaders.get("grpc-timeout") ?? "") ?? [];
  return amount === undefined ? undefined : BigInt(Math.round(Number(amount) * (units[unit] ?? 0)));
}
