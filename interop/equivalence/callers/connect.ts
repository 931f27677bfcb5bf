import { createRegistry, type DescMethod, type DescService, fromBinary, fromJson, toJson } from "@bufbuild/protobuf";
import { BinaryReader, WireType } from "@bufbuild/protobuf/wire";
import { Code as ConnectCode, ConnectError, type Transport } from "@connectrpc/connect";
import { createConnectTransport, createGrpcTransport, createGrpcWebTransport } from "@connectrpc/connect-node";
import type { Code } from "@potter/runtime";
import type { AnyMethod } from "@potter/runtime/transport";
import { type Caller, comparableField, isEncodable, type Outcome, type TrialCall, type Violation } from "../caller.js";
import { file_trial_v1_trial } from "../gen/trial/v1/trial_pb.js";

interface Protocol {
  readonly create: (url: string) => Transport;
  /** Whether it can send a stream of requests while it receives one. */
  readonly duplex: boolean;
}

const one = (baseUrl: string) => ({ baseUrl, httpVersion: "1.1" }) as const;
const two = (baseUrl: string) => ({ baseUrl, httpVersion: "2" }) as const;

const protocols: Readonly<Record<string, Protocol>> = {
  "Connect JSON, HTTP/1.1": {
    create: (url) => createConnectTransport({ ...one(url), useBinaryFormat: false }),
    duplex: false,
  },
  "Connect, HTTP/2": { create: (url) => createConnectTransport({ ...two(url), useBinaryFormat: true }), duplex: true },
  "Connect GET": {
    create: (url) => createConnectTransport({ ...one(url), useBinaryFormat: true, useHttpGet: true }),
    duplex: false,
  },
  gRPC: { create: (url) => createGrpcTransport({ baseUrl: url, useBinaryFormat: true }), duplex: true },
  "gRPC JSON": { create: (url) => createGrpcTransport({ baseUrl: url, useBinaryFormat: false }), duplex: true },
  "gRPC-Web": { create: (url) => createGrpcWebTransport({ ...one(url), useBinaryFormat: true }), duplex: false },
};

/** Calls by connect-es, which others wrote: each protocol and format. */
export const connectProtocols: readonly (readonly [name: string, create: (url: string) => Caller])[] = Object.entries(
  protocols,
).map(([name, { create, duplex }]) => [name, (url) => toCaller(name, create(url), duplex)]);

function toCaller(name: string, transport: Transport, duplex: boolean): Caller {
  const get = name === "Connect GET";
  return {
    name,
    excludes(call) {
      if (!isEncodable(call)) return "connect-es sends messages only, not what is no ProtoJSON of their type";
      if (call.method.stream === "bidi" && !duplex) return "connect-es sends bidirectional streams over HTTP/2 only";
      if (get && (call.method.kind !== "query" || call.method.stream !== "unary")) return "GET is for unary queries";
      return undefined;
    },
    call: (call) => callBy(transport, call, get),
  };
}

const services = new Map<string, DescService>(file_trial_v1_trial.services.map((one) => [one.typeName, one]));
const registry = createRegistry(file_trial_v1_trial);

/** The descriptor of a method. Queries are without side effects: that is what makes connect-es send GET. */
function descriptorOf({ service, name, kind }: AnyMethod, get: boolean): DescMethod {
  const found = services.get(service)?.methods.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no descriptor of ${service}.${name}`);
  return get && kind === "query" ? { ...found, idempotency: 1 } : found;
}

async function callBy(transport: Transport, call: TrialCall, get: boolean): Promise<Outcome> {
  const { method, requests, timeout, cancel, take } = call;
  const descriptor = descriptorOf(method, get);
  const messages = requests.map((request) => fromJson(descriptor.input, request as never, { registry }));
  const responses: unknown[] = [];
  const write = (message: unknown): void => {
    responses.push(toJson(descriptor.output, message as never, { registry }));
  };
  try {
    const headers = headersOf(call);
    if (method.stream === "unary") {
      const { message, header } = await transport.unary(
        descriptor as never,
        cancel,
        timeout,
        headers,
        messages[0] as never,
      );
      write(message);
      return { code: "ok", responses, version: toVersion(header) };
    }
    const stream = await transport.stream(descriptor as never, cancel, timeout, headers, toStream(messages) as never);
    for await (const message of stream.message) {
      write(message);
      if (responses.length === take) break;
    }
    return { code: "ok", responses };
  } catch (error) {
    return { ...toFailure(ConnectError.from(error)), responses };
  }
}

function toVersion(header: Headers): number | undefined {
  const version = /^"(\d+)"$/.exec(header.get("etag") ?? "")?.[1];
  return version === undefined ? undefined : Number(version);
}

function headersOf({ commandId, expectedVersion, after }: TrialCall): Headers {
  const headers = new Headers();
  if (commandId !== undefined) headers.set("idempotency-key", commandId);
  if (expectedVersion === 0) headers.set("if-none-match", "*");
  else if (expectedVersion !== undefined) headers.set("if-match", `"${expectedVersion}"`);
  if (after !== undefined) headers.set("last-event-id", after);
  return headers;
}

async function* toStream(items: readonly unknown[]): AsyncGenerator<unknown> {
  yield* items;
}

function toFailure(error: ConnectError): Outcome {
  const code = (
    error.code === ConnectCode.Canceled ? "cancelled" : snakeCase(ConnectCode[error.code] ?? "unknown")
  ) as Code;
  let violations: readonly Violation[] = [];
  let declared: Outcome["declared"];
  let retryAfter: number | undefined;
  for (const detail of error.details) {
    if (!("type" in detail)) continue;
    const { type, value } = detail as { type: string; value: Uint8Array };
    if (type === "google.rpc.BadRequest") violations = readViolations(value);
    else if (type === "google.rpc.RetryInfo") retryAfter = readRetryDelay(value);
    else {
      const schema = registry.getMessage(type);
      if (schema !== undefined) declared = { type, json: toJson(schema, fromBinary(schema, value), { registry }) };
    }
  }
  return { code, responses: [], message: error.rawMessage, violations, declared, retryAfter };
}

function snakeCase(name: string): string {
  return name.replaceAll(/(?<=[a-z])[A-Z]/g, (letter) => `_${letter}`).toLowerCase();
}

/** `google.rpc.BadRequest`: field 1 are violations of field = 1, description = 2, reason = 3. */
function readViolations(bytes: Uint8Array): readonly Violation[] {
  return readFields(bytes).flatMap(({ no, data }) => {
    if (no !== 1) return [];
    const texts = new Map(readFields(data).map((one) => [one.no, new TextDecoder().decode(one.data)]));
    return [{ field: comparableField(texts.get(1) ?? ""), message: texts.get(2) ?? "", rule: texts.get(3) ?? "" }];
  });
}

/** `google.rpc.RetryInfo`: field 1 is a Duration of seconds = 1, nanos = 2. In milliseconds. */
function readRetryDelay(bytes: Uint8Array): number {
  const reader = new BinaryReader(readFields(bytes).find(({ no }) => no === 1)?.data ?? new Uint8Array());
  let milliseconds = 0;
  while (reader.pos < reader.len) {
    const [no] = reader.tag();
    milliseconds += no === 1 ? Number(reader.int64()) * 1000 : reader.int32() / 1e6;
  }
  return milliseconds;
}

function readFields(bytes: Uint8Array): { readonly no: number; readonly data: Uint8Array }[] {
  const reader = new BinaryReader(bytes);
  const fields: { no: number; data: Uint8Array }[] = [];
  while (reader.pos < reader.len) {
    const [no, type] = reader.tag();
    if (type === WireType.LengthDelimited) fields.push({ no, data: reader.bytes() });
    else reader.skip(type);
  }
  return fields;
}
