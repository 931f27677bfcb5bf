// Clients that others wrote, against our server: each calls the service of the conformance suite as its users do.
import { randomBytes } from "node:crypto";
import { create, createRegistry } from "@bufbuild/protobuf";
import { anyPack, anyUnpack } from "@bufbuild/protobuf/wkt";
import * as node from "@connectrpc/connect-node";
import * as web from "@connectrpc/connect-web";
import type { Middleware } from "@potter/runtime";
import { type RunningServer, serve } from "@potter/runtime/node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Code } from "../gen/connectrpc/conformance/v1/config_pb.js";
import { file_connectrpc_conformance_v1_service, HeaderSchema } from "../gen/connectrpc/conformance/v1/service_pb.js";
import { createConformanceApp } from "../server/app.js";
import { connectEs } from "./connect-es.js";
import type { ForeignClient, Outcome } from "./foreign-client.js";
import { grpcJs } from "./grpc-js.js";
import { niceGrpc } from "./nice-grpc.js";

const registry = createRegistry(file_connectrpc_conformance_v1_service);

const all = { streams: true, fullDuplex: true };
const halfDuplex = { streams: true, fullDuplex: false };
const none = { streams: false, fullDuplex: false };

/** connect-node over HTTP/2, whose connection has to be closed. */
function overHttp2(
  createTransport: (options: {
    baseUrl: string;
    httpVersion: "2";
    sessionManager: node.Http2SessionManager;
  }) => Parameters<typeof connectEs>[0],
): (url: string) => ForeignClient {
  return (url) => {
    const sessionManager = new node.Http2SessionManager(url);
    const transport = createTransport({ baseUrl: url, httpVersion: "2", sessionManager });
    return connectEs(transport, all, () => sessionManager.abort());
  };
}

const clients: Readonly<Record<string, (url: string) => ForeignClient>> = {
  "grpc-js": (url) => grpcJs(new URL(url).host),
  "grpc-js with gzip": (url) => grpcJs(new URL(url).host, { "grpc.default_compression_algorithm": 2 }),
  "nice-grpc": (url) => niceGrpc(new URL(url).host),
  "connect-node by gRPC": overHttp2((options) => node.createGrpcTransport(options)),
  "connect-node by gRPC with brotli": overHttp2((options) =>
    node.createGrpcTransport({ ...options, sendCompression: node.compressionBrotli, compressMinBytes: 0 }),
  ),
  "connect-node by gRPC-Web over HTTP/2": overHttp2((options) => node.createGrpcWebTransport(options)),
  "connect-node by gRPC-Web over HTTP/1.1": (url) =>
    connectEs(node.createGrpcWebTransport({ baseUrl: url, httpVersion: "1.1" }), halfDuplex),
  "connect-node by Connect over HTTP/2": overHttp2((options) => node.createConnectTransport(options)),
  "connect-node by Connect in JSON over HTTP/1.1": (url) =>
    connectEs(
      node.createConnectTransport({
        baseUrl: url,
        httpVersion: "1.1",
        useBinaryFormat: false,
        jsonOptions: { registry },
      }),
      halfDuplex,
    ),
  "connect-node by Connect in binary with GET": (url) =>
    connectEs(
      node.createConnectTransport({ baseUrl: url, httpVersion: "1.1", useBinaryFormat: true, useHttpGet: true }),
      halfDuplex,
    ),
  "connect-web by Connect": (url) =>
    connectEs(web.createConnectTransport({ baseUrl: url, useHttpGet: true, jsonOptions: { registry } }), none),
  "connect-web by gRPC-Web": (url) => connectEs(web.createGrpcWebTransport({ baseUrl: url }), none),
};

/** The signals of calls that the server has begun, by the value of the header `x-call`. */
const begun = new Map<string, AbortSignal>();

let server: RunningServer;
let calls = 0;

beforeAll(async () => {
  const recordCalls: Middleware = () => (call, next) => {
    const name = call.context.requestHeaders.get("x-call");
    if (name !== undefined && call.context.signal !== undefined) begun.set(name, call.context.signal);
    return next(call);
  };
  // The connections of clients that keep some are idle while others are tested.
  server = await serve(createConformanceApp({ maxMessageSize: 500_000 }, { middleware: [recordCalls] }), {
    keepAliveTimeout: 600_000,
  });
});

afterAll(() => server?.stop());

const bytes = (text: string) => new TextEncoder().encode(text);
const texts = ({ payloads }: Outcome) => payloads.map(({ data }) => new TextDecoder().decode(data));
const responseData = (value: Uint8Array) => ({ case: "responseData" as const, value });

/** The value of a header of the request, as the handler saw it. */
function sentHeader({ payloads }: Outcome, name: string): string | undefined {
  return payloads[0]?.requestInfo?.requestHeaders.find((header) => header.name === name)?.value.join(", ");
}

async function* listOf<T>(...values: T[]): AsyncGenerator<T> {
  yield* values;
}

describe.each(Object.entries(clients))("%s", (_, open) => {
  let client: ForeignClient;

  beforeAll(() => {
    client = open(server.url);
  });

  afterAll(() => client?.close());

  it.each(["unary", "idempotentUnary"] as const)("calls %s with metadata in both directions", async (method) => {
    const outcome = await client[method](
      {
        responseDefinition: {
          response: responseData(bytes("Grüße")),
          responseHeaders: [
            { name: "x-one", value: ["1"] },
            { name: "x-two", value: ["a", "b"] },
            { name: "x-bytes-bin", value: ["AP8"] },
          ],
          responseTrailers: [
            { name: "x-end", value: ["2", "3"] },
            { name: "x-end-bin", value: ["/wA"] },
          ],
        },
      },
      { headers: { "x-asked": "yes", "x-asked-bin": "AP8" } },
    );
    expect(outcome.error).toBeUndefined();
    expect(texts(outcome)).toEqual(["Grüße"]);
    expect(sentHeader(outcome, "x-asked")).toBe("yes");
    expect(sentHeader(outcome, "x-asked-bin")).toMatch(/^AP8=?$/);
    expect(Object.fromEntries(outcome.headers)).toMatchObject({ "x-one": "1", "x-two": "a, b", "x-bytes-bin": "AP8" });
    expect(Object.fromEntries(outcome.trailers)).toMatchObject({ "x-end": "2, 3", "x-end-bin": "/wA" });
  });

  it("receives errors with their codes, messages and details", async () => {
    const detail = anyPack(HeaderSchema, create(HeaderSchema, { name: "reason", value: ["ärger"] }));
    const message = "\tÄrger: 100 % \r\n☺ 😈";
    for (let code: Code = Code.CANCELED; code <= Code.UNAUTHENTICATED; code++) {
      const { error } = await client.unary({
        responseDefinition: { response: { case: "error", value: { code, message, details: [detail] } } },
      });
      expect(error).toMatchObject({ code, message });
      expect(error?.details.length).toBe(2);
      const [first, second] = error?.details ?? [];
      expect(first && anyUnpack(first, registry)).toMatchObject({ value: ["ärger"] });
      expect(second?.typeUrl).toMatch(/RequestInfo$/);
    }
  });

  it("receives the error of a method that is not implemented", async () => {
    expect((await client.unimplemented()).error?.code).toBe(Code.UNIMPLEMENTED);
  });

  it("receives a stream in its order, and the error that ends it", async () => {
    const whole = ["one", "two", "", "three"];
    const definition = {
      responseData: whole.map(bytes),
      responseHeaders: [{ name: "x-first", value: ["1"] }],
      responseTrailers: [{ name: "x-last", value: ["9"] }],
    };
    const outcome = await client.serverStream({ responseDefinition: definition });
    expect(texts(outcome)).toEqual(whole);
    expect(outcome.error).toBeUndefined();
    expect(outcome.headers.get("x-first")).toBe("1");
    expect(outcome.trailers.get("x-last")).toBe("9");
    const error = { code: Code.OUT_OF_RANGE, message: "no more" };
    const failed = await client.serverStream({ responseDefinition: { ...definition, error } });
    const read = texts(failed);
    expect(read).toEqual(client.discardsUnread ? whole.slice(0, read.length) : whole);
    expect(failed.error).toMatchObject(error);
    expect(failed.trailers.get("x-last")).toBe("9");
  });

  it("sends a stream", async ({ skip }) => {
    if (client.clientStream === undefined) return skip("this client sends no streams");
    const outcome = await client.clientStream(
      listOf(
        { responseDefinition: { response: responseData(bytes("done")) } },
        { requestData: bytes("two") },
        { requestData: bytes("three") },
      ),
    );
    expect(outcome.error).toBeUndefined();
    expect(texts(outcome)).toEqual(["done"]);
    expect(outcome.payloads[0]?.requestInfo?.requests.length).toBe(3);
  });

  it("receives each response before it sends the next request", async ({ skip }) => {
    if (client.bidiStream === undefined) return skip("this client does not send while it receives");
    let answer: () => void = () => {};
    async function* requests() {
      for (const at of [0, 1, 2]) {
        const answered = new Promise<void>((resolve) => {
          answer = resolve;
        });
        const responseDefinition = { responseData: ["a", "b", "c"].map(bytes) };
        yield at === 0 ? { fullDuplex: true, responseDefinition } : { requestData: bytes(String(at)) };
        await answered;
      }
    }
    const outcome = await client.bidiStream(requests(), {}, () => answer());
    expect(outcome.error).toBeUndefined();
    expect(texts(outcome)).toEqual(["a", "b", "c"]);
    expect(outcome.payloads.map(({ requestInfo }) => requestInfo?.requests.length)).toEqual([1, 1, 1]);
  });

  it("ends a call at its deadline", async () => {
    const slow = { responseDefinition: { response: responseData(bytes("late")), responseDelayMs: 3_600_000 } };
    const name = `call ${calls++}`;
    const outcome = await client.unary(slow, { timeout: 300, headers: { "x-call": name } });
    expect(outcome.error?.code).toBe(Code.DEADLINE_EXCEEDED);
    // The deadline may have passed before the request arrived.
    await expect.poll(() => begun.get(name)?.aborted ?? true).toBe(true);
  });

  it.each(["unary", "serverStream"] as const)("cancels %s, which aborts the handler", async (method) => {
    const name = `call ${calls++}`;
    const cancel = new AbortController();
    const responseDelayMs = 3_600_000;
    const options = { signal: cancel.signal, headers: { "x-call": name } };
    const outcome =
      method === "unary"
        ? client.unary({ responseDefinition: { response: responseData(bytes("late")), responseDelayMs } }, options)
        : client.serverStream({ responseDefinition: { responseData: [bytes("late")], responseDelayMs } }, options);
    await expect.poll(() => begun.get(name)?.aborted).toBe(false);
    cancel.abort();
    expect((await outcome).error?.code).toBe(Code.CANCELED);
    await expect.poll(() => begun.get(name)?.aborted).toBe(true);
  });

  it("sends and receives large messages", async () => {
    const value = randomBytes(300_000);
    const outcome = await client.unary({ responseDefinition: { response: responseData(value) } });
    expect(outcome.error).toBeUndefined();
    expect(value.equals(outcome.payloads[0]?.data ?? new Uint8Array())).toBe(true);
  });

  it("has messages refused that are larger than the limit", async () => {
    const outcome = await client.unary({ requestData: randomBytes(600_000) });
    expect(outcome.error?.code).toBe(Code.RESOURCE_EXHAUSTED);
  });
});
