import { gunzipSync, gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import type { AnyMethod, CallOptions } from "../../../cqrs/index.js";
import { PotterError } from "../../../errors/index.js";
import { firstOf } from "../../../http/index.js";
import { rest } from "../../rest/index.js";
import { app, encoded, envelope, envelopesOf, idOf, TestRequest, toOrder } from "../rpc.fixture.js";
import { rpc } from "../rpc.js";

const post = (body: Uint8Array | string, headers: Record<string, string> = {}) =>
  new TestRequest({ headers: { "content-type": "application/json", ...headers }, body, trailers: false });
const json = '{"orderId":"o-1"}';
const codeOf = (answer: { readonly text: string } | undefined) => JSON.parse(answer?.text ?? "{}").code;

describe("an unary call of Connect", () => {
  it("has metadata: headers, and trailers with a prefix", async () => {
    const invoke = async (_: unknown, { responseHeaders, responseTrailers }: CallOptions) => {
      responseHeaders?.append("x-a", "1");
      responseHeaders?.append("x-a", "2");
      responseTrailers?.append("x-b", "3");
      return { response: toOrder("a"), version: 4 };
    };
    const answer = await app([{ invoke }]).send(post(json));
    expect(answer?.headers).toMatchObject({ "x-a": ["1", "2"], "trailer-x-b": "3", etag: '"4"' });
  });

  it("reports details, metadata and when to retry with an error", async () => {
    const detail = { typeName: "shop.v1.Closed", json: { by: "x" }, encode: () => Uint8Array.of(1, 2) };
    const invoke = async (_: unknown, { responseTrailers }: CallOptions) => {
      responseTrailers?.append("x-b", "3");
      throw new PotterError("unavailable", "later", { detail, retryAfter: 1_200 });
    };
    const answer = await app([{ invoke }]).send(post(json));
    expect(answer).toMatchObject({ status: 503, headers: { "trailer-x-b": "3", "retry-after": "2" } });
    expect(JSON.parse(answer?.text ?? "")).toEqual({
      code: "unavailable",
      message: "later",
      details: [
        { type: "shop.v1.Closed", value: "AQI", debug: { by: "x" } },
        { type: "google.rpc.RetryInfo", value: expect.stringMatching(/^[\w+/]+$/), debug: { retryDelay: "1.2s" } },
      ],
    });
  });

  it.each([
    ["another version", json, { "connect-protocol-version": "2" }, 400, "invalid_argument"],
    ["a timeout of letters", json, { "connect-timeout-ms": "soon" }, 400, "invalid_argument"],
    ["a timeout of 11 digits", json, { "connect-timeout-ms": "10000000000" }, 400, "invalid_argument"],
    ["an unknown compression", json, { "content-encoding": "zstd" }, 501, "unimplemented"],
    ["invalid JSON", "{", {}, 400, "invalid_argument"],
    ["an empty body", "", {}, 400, "invalid_argument"],
    ["an unknown field", '{"nope":1}', {}, 400, "invalid_argument"],
    ["a duplicate key", '{"orderId":"a","orderId":"b"}', {}, 400, "invalid_argument"],
    ["deep nesting", "[".repeat(120), {}, 400, "invalid_argument"],
    ["a body above the limit", `{"orderId":"${"x".repeat(200)}"}`, {}, 429, "resource_exhausted"],
  ])("with %s is refused", async (_, body, headers, status, code) => {
    const answer = await app([{}], { maxMessageSize: 150 }).send(post(body, headers as never));
    expect([answer?.status, codeOf(answer)]).toEqual([status, code]);
    expect(answer?.headers["content-type"]).toBe("application/json");
  });

  it("refuses bytes that are not UTF-8, and messages that are not of the type", async () => {
    const { send } = app([{}]);
    expect(codeOf(await send(post(Uint8Array.of(0xff))))).toBe("invalid_argument");
    const proto = { "content-type": "application/proto" };
    expect(codeOf(await send(post(Uint8Array.of(255, 255), proto)))).toBe("invalid_argument");
    expect((await send(post(new Uint8Array(0), proto)))?.status).toBe(200);
  });

  it("accepts the longest timeout", async () => {
    const answer = await app([{}]).send(post(json, { "connect-timeout-ms": "9999999999" }));
    expect(answer?.status).toBe(200);
  });

  it("ends with its timeout", async () => {
    const { send } = app([{ invoke: () => new Promise<never>(() => {}) }]);
    const answer = await send(post(json, { "connect-timeout-ms": "5" }));
    expect([answer?.status, codeOf(answer)]).toEqual([504, "deadline_exceeded"]);
  });

  it("is compressed from the threshold on if its client accepts it", async () => {
    const { send } = app([{}], { compression: { threshold: 30 } });
    const long = `{"orderId":"${"x".repeat(100)}"}`;
    const answer = await send(post(long, { "accept-encoding": "gzip, deflate, br" }));
    expect(answer?.headers).toMatchObject({ "content-encoding": "gzip", vary: "accept-encoding" });
    expect(gunzipSync(answer?.body ?? "").toString()).toBe(long);
    const plain = await send(post(long));
    expect(plain?.headers).toMatchObject({ vary: "accept-encoding" });
    expect(plain?.text).toBe(long);
    expect((await send(post(json, { "accept-encoding": "gzip" })))?.headers).not.toHaveProperty("content-encoding");
  });

  it.each([
    ["unary", "application/connect+json", 415],
    ["unary", "application/json; charset=utf-8", 200],
    ["unary", "application/json; charset=latin1", 415],
    ["unary", "application/xml", 415],
    ["server", "application/json", 415],
    ["client", "application/proto", 415],
  ])("to a method of kind %s with the type %s has the status %i", async (stream, type, status) => {
    const { send } = app([{ method: { stream } as Partial<AnyMethod> }]);
    const answer = await send(post(json, { "content-type": type }));
    expect(answer?.status).toBe(status);
    if (status === 415)
      expect(answer?.headers["accept-post"]).toContain(
        stream === "unary" ? "application/json" : "application/connect+json",
      );
  });

  it.each(["PUT", "DELETE", "HEAD", "GET"])("by the method %s is refused for a command", async (method) => {
    const { send } = app([{ method: { kind: "command" } }]);
    expect(await send(new TestRequest({ method }))).toMatchObject({ status: 405, headers: { allow: "OPTIONS, POST" } });
  });

  it("can be asked for by other origins", async () => {
    const { send } = app([{}]);
    const answer = await send(new TestRequest({ method: "OPTIONS" }));
    expect(answer).toMatchObject({ status: 204, headers: { allow: "GET, OPTIONS, POST" } });
  });
});

describe("JSON at the path of a method without google.api.http", () => {
  const http = [
    { method: "POST", path: "/test.v1.Orders/Method0", segments: ["test.v1.Orders", "Method0"], body: "*" },
  ];
  const setup = [{ method: { http } }];

  it("belongs to REST if the app serves it, but for clients of Connect", async () => {
    const { send } = app(setup, {}, { transports: ["rpc", "rest"] });
    expect(await send(post(json))).toBeUndefined();
    expect(await send(post(json, { "content-type": "application/x-protobuf" }))).toBeUndefined();
    expect((await send(post(json, { "connect-protocol-version": "1" })))?.status).toBe(200);
    expect(
      (await send(new TestRequest({ headers: { "content-type": "application/grpc" }, body: envelope("a") })))?.status,
    ).toBe(200);
  });

  it("is shared: rpc comes first, and leaves to REST what is REST's", async () => {
    const transports = [rpc(), rest()];
    expect(transports.map(({ first }) => first)).toEqual([true, undefined]);
    const host = { ...app(setup).host, transports: transports.map(({ name }) => name) };
    const handle = firstOf(transports.map((transport) => transport.mount(host)));
    const typeOf = async (request: TestRequest) => (await handle(request)).headers["content-type"];
    expect(await typeOf(post('{"nope":1}'))).toBe("application/problem+json");
    expect(await typeOf(post('{"nope":1}', { "connect-protocol-version": "1" }))).toBe("application/json");
    expect(await typeOf(post(envelope("a"), { "content-type": "application/grpc-web" }))).toBe("application/grpc-web");
    const get = new TestRequest({ method: "GET", query: "encoding=json&message={}", trailers: false });
    expect(await typeOf(get)).toBe("application/json");
  });

  it("belongs to Connect otherwise", async () => {
    expect((await app(setup, {}, { transports: ["rpc"] }).send(post(json)))?.status).toBe(200);
    expect((await app([{}], {}, { transports: ["rpc", "rest"] }).send(post(json)))?.status).toBe(200);
  });
});

describe("a GET of Connect", () => {
  const query = (parameters: Record<string, string>) => new URLSearchParams(parameters).toString();
  const get = (parameters: string, headers: Record<string, string> = {}) =>
    new TestRequest({ method: "GET", query: parameters, headers, trailers: false });
  const message = Buffer.from(encoded("o-1")).toString("base64url");

  it("reads its parameters in any order, and ignores others", async () => {
    const { send } = app([{}]);
    const parameters = { message, own: "1", encoding: "proto", base64: "1", connect: "v1" };
    expect(idOf((await send(get(query(parameters))))?.body)).toBe("o-1");
    expect(idOf((await send(get(`base64=1&encoding=proto&message=${message}==`)))?.body)).toBe("o-1");
    const bytes = Buffer.from(encoded("????>>>>")).toString("base64");
    expect(idOf((await send(get(`base64=1&encoding=proto&message=${bytes}`)))?.body)).toBe("????>>>>");
  });

  it("reads a compressed message", async () => {
    const { send } = app([{}]);
    const compressed = gzipSync(encoded("o-1")).toString("base64url");
    const parameters = { message: compressed, encoding: "proto", base64: "1", compression: "gzip" };
    expect(idOf((await send(get(query(parameters))))?.body)).toBe("o-1");
    expect(codeOf(await send(get(query({ ...parameters, compression: "zstd" }))))).toBe("unimplemented");
    expect(codeOf(await send(get(query({ ...parameters, message: "AAAA" }))))).toBe("invalid_argument");
  });

  it.each([
    ["no message", "encoding=json", 400],
    ["no encoding", "message={}", 400],
    ["an unknown encoding", "encoding=xml&message={}", 415],
    ["another version", "connect=v2&encoding=json&message={}", 400],
    ["invalid base64", "base64=1&encoding=json&message=*", 400],
  ])("with %s is refused", async (_, parameters, status) => {
    expect((await app([{}]).send(get(parameters)))?.status).toBe(status);
  });

  it("is cached as the contract says", async () => {
    const parameters = "encoding=json&message={}";
    const once = await app([{}]).send(get(parameters));
    expect(once?.headers).toMatchObject({ "cache-control": "no-store", vary: "accept-encoding" });
    const cached = await app([{ method: { cacheTtl: 2_500 } }]).send(get(parameters));
    expect(cached?.headers).toMatchObject({
      "cache-control": "private, max-age=2",
      vary: "accept-encoding, authorization, cookie, potter-after",
    });
  });

  it("is answered with 304 if the client has the version or the body", async () => {
    const parameters = "encoding=json&message={}";
    const invoke = async () => ({ response: toOrder("a"), version: 3 });
    const versioned = app([{ invoke }]).send;
    expect(await versioned(get(parameters))).toMatchObject({ status: 200, headers: { etag: '"3"' } });
    const unchanged = await versioned(get(parameters, { "if-none-match": 'W/"3"' }));
    expect(unchanged).toMatchObject({ status: 304, body: new Uint8Array(0) });
    expect(unchanged?.headers).not.toHaveProperty("content-type");
    const tagged = app([{}], { etag: "body" }).send;
    const etag = (await tagged(get(parameters)))?.headers["etag"] as string;
    expect(etag).toMatch(/^W\//);
    expect((await tagged(get(parameters, { "if-none-match": etag })))?.status).toBe(304);
    expect((await app([{}]).send(get(parameters)))?.headers).not.toHaveProperty("etag");
  });
});

describe("a stream of Connect", () => {
  const stream = (body: Uint8Array, headers: Record<string, string> = {}) =>
    new TestRequest({ headers: { "content-type": "application/connect+proto", ...headers }, body, trailers: false });
  const endOf = (answer: { readonly body: Uint8Array } | undefined) => {
    const last = envelopesOf(answer?.body ?? new Uint8Array(0)).at(-1);
    expect(last?.flags).toBe(2);
    return JSON.parse(new TextDecoder().decode(last?.data));
  };
  const server = { method: { stream: "server" } as const };

  it.each([
    ["no message", new Uint8Array(0), "unimplemented"],
    ["two messages", new Uint8Array([...envelope("a"), ...envelope("b")]), "unimplemented"],
    ["a truncated message", envelope("a").subarray(0, 6), "invalid_argument"],
    ["reserved flags", envelope("a", 8), "invalid_argument"],
    ["the flag of an end", envelope("a", 2), "invalid_argument"],
    ["compression without a header", envelope("a", 1), "internal"],
  ])("with %s is refused in its last envelope", async (_, body, code) => {
    const answer = await app([server]).send(stream(body));
    expect(answer?.status).toBe(200);
    expect(endOf(answer).error.code).toBe(code);
  });

  it("has metadata in the headers and in its last envelope", async () => {
    const invoke = async (_: unknown, { responseHeaders, responseTrailers }: CallOptions) => {
      responseHeaders?.append("x-a", "1");
      responseTrailers?.append("x-b", "2");
      return {
        response: (async function* () {
          yield toOrder("a");
        })(),
      };
    };
    const answer = await app([{ ...server, invoke }]).send(stream(envelope("a")));
    expect(answer?.headers).toMatchObject({ "x-a": "1", "content-type": "application/connect+proto" });
    expect(endOf(answer)).toEqual({ metadata: { "x-b": ["2"] } });
  });

  it("takes a stream of requests, and answers with one message", async () => {
    const invoke = async (requests: AsyncIterable<unknown>) => {
      let count = 0;
      for await (const _ of requests) count++;
      return { response: toOrder(String(count)), version: 2 };
    };
    const { send } = app([{ method: { stream: "client" }, invoke: invoke as never }]);
    const answer = await send(stream(new Uint8Array([...envelope("a"), ...envelope("b")])));
    expect(idOf(envelopesOf(answer?.body as Uint8Array)[0]?.data)).toBe("2");
    expect(answer?.headers["etag"]).toBe('"2"');
    expect(endOf(answer)).toEqual({});
  });

  it("with an unknown compression says which are supported", async () => {
    const answer = await app([server]).send(stream(envelope("a"), { "connect-content-encoding": "zstd" }));
    expect(answer?.headers["connect-accept-encoding"]).toBe("identity,gzip,br");
    expect(endOf(answer).error.code).toBe("unimplemented");
  });
});
