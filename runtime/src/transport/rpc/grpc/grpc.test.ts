import { gunzipSync, gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import type { CallOptions } from "../../../cqrs/index.js";
import { PotterError } from "../../../errors/index.js";
import { writeEnvelope } from "../envelope/index.js";
import { app, encoded, envelope, envelopesOf, grpcRequest, idOf, join, toOrder } from "../rpc.fixture.js";

const bytes = (answer: { readonly body: Uint8Array } | undefined) => answer?.body ?? new Uint8Array(0);

describe("an unary call of gRPC", () => {
  it.each([
    ["no message", new Uint8Array(0), "12"],
    ["two messages", join([envelope("a"), envelope("b")]), "12"],
    ["a truncated message", envelope("a").subarray(0, 6), "13"],
    ["a truncated prefix", envelope("a").subarray(0, 3), "13"],
    ["reserved flags", envelope("a", 4), "13"],
    ["the flag of trailers", envelope("a", 0x80), "13"],
    ["compression without a header", envelope("a", 1), "13"],
    ["an invalid message", writeEnvelope(Uint8Array.of(255, 255)), "3"],
    ["a message above the limit", writeEnvelope(new Uint8Array(101)), "8"],
    ["a message that says so", Uint8Array.of(0, 255, 255, 255, 255, 0), "8"],
    ["a body above the limit", new Uint8Array(200), "8"],
  ])("with %s is refused", async (_, body, status) => {
    const { send, error } = app([{}], { maxMessageSize: 100 });
    const answer = await send(grpcRequest({ body }));
    expect(answer?.headers["grpc-status"]).toBe(status);
    // The client is at fault, and sees why.
    expect(answer?.headers["grpc-message"]).toMatch(/^(a|the) (body|message|method|request) /);
    expect(error).not.toHaveBeenCalled();
    expect(answer?.body).toHaveLength(0);
  });

  it("has an empty message", async () => {
    const answer = await app([{}]).send(grpcRequest({ body: writeEnvelope(new Uint8Array(0)) }));
    expect(answer?.trailers).toEqual({ "grpc-status": "0" });
    expect([...bytes(answer)]).toEqual([0, 0, 0, 0, 0]);
  });

  it("may have JSON", async () => {
    const headers = { "content-type": "application/grpc+json" };
    const body = writeEnvelope(new TextEncoder().encode('{"orderId":"o-1"}'));
    const answer = await app([{}]).send(grpcRequest({ headers, body }));
    expect(answer?.headers["content-type"]).toBe("application/grpc+json");
    expect(JSON.parse(new TextDecoder().decode(envelopesOf(bytes(answer))[0]?.data))).toEqual({ orderId: "o-1" });
  });

  it.each([
    ["application/grpc+proto", 200],
    ["application/grpc; charset=utf-8", 200],
    ["Application/GRPC", 200],
    ["application/grpc+thrift", 415],
    ["application/grpcx", 415],
    ["text/plain", 415],
    ["", 415],
  ])("with the content type %j has the status %i", async (type, status) => {
    const answer = await app([{}]).send(grpcRequest({ headers: { "content-type": type }, body: envelope("a") }));
    expect(answer?.status).toBe(status);
  });

  it("of an unknown method is unimplemented, of an unknown path is left to others", async () => {
    const { send } = app([{}]);
    for (const path of ["/test.v1.Orders/Nope", "/nope.v1.Nope/Nope", "/"]) {
      const answer = await send(grpcRequest({ path, body: envelope("a") }));
      expect(answer).toMatchObject({
        status: 200,
        headers: { "grpc-status": "12", "content-type": "application/grpc" },
      });
    }
  });

  it("is compressed as its headers say", async () => {
    const { send } = app([{}], { compression: { threshold: 50 } });
    const long = "x".repeat(200);
    const body = writeEnvelope(gzipSync(encoded(long)), 1);
    const headers = { "grpc-encoding": "gzip", "grpc-accept-encoding": "identity,gzip" };
    const answer = await send(grpcRequest({ headers, body }));
    expect(answer?.headers["grpc-encoding"]).toBe("gzip");
    const [message] = envelopesOf(bytes(answer));
    expect(message?.flags).toBe(1);
    expect(idOf(gunzipSync(message?.data ?? ""))).toBe(long);
    const small = await send(grpcRequest({ headers, body: envelope("a") }));
    expect(small?.headers).not.toHaveProperty("grpc-encoding");
    expect(envelopesOf(bytes(small))[0]?.flags).toBe(0);
  });

  it("with a compression that is not supported says which are", async () => {
    const answer = await app([{}]).send(grpcRequest({ headers: { "grpc-encoding": "zstd" }, body: envelope("a", 1) }));
    expect(answer?.headers).toMatchObject({ "grpc-status": "12", "grpc-accept-encoding": "identity,gzip,br" });
  });

  it("with a bomb is refused", async () => {
    const body = writeEnvelope(gzipSync(new Uint8Array(10_000_000)), 1);
    const { send } = app([{}], { maxMessageSize: 100_000 });
    const answer = await send(grpcRequest({ headers: { "grpc-encoding": "gzip" }, body }));
    expect(answer?.headers["grpc-status"]).toBe("8");
  });

  it("has the options of the call from its metadata", async () => {
    let given: CallOptions = {};
    const invoke = async (request: unknown, options: CallOptions) => {
      given = options;
      return { response: request, version: 7 };
    };
    const { send } = app([{ invoke, method: { kind: "command" } }], {}, { identify: async () => ({ user: "ada" }) });
    const headers = { "idempotency-key": "k-1", "if-match": '"6"', "x-correlation-id": "c-1", "x-own": "1" };
    const answer = await send(grpcRequest({ headers, body: envelope("a") }));
    expect(given).toMatchObject({ commandId: "k-1", expectedVersion: 6, correlationId: "c-1", user: "ada" });
    expect(given.requestHeaders?.get("x-own")).toBe("1");
    expect(answer?.headers).toMatchObject({ etag: '"7"', "x-correlation-id": "c-1" });
    const refused = await send(grpcRequest({ headers: { "if-match": "nope" }, body: envelope("a") }));
    expect(refused?.headers["grpc-status"]).toBe("3");
  });

  it("is refused before its body is read if its caller is", async () => {
    const identify = () => Promise.reject(new PotterError("unauthenticated", "no token"));
    async function* body(): AsyncGenerator<Uint8Array> {
      yield* [];
      throw new Error("was read");
    }
    const answer = await app([{}], {}, { identify }).send(grpcRequest({ body: body() }));
    expect(answer?.headers).toMatchObject({ "grpc-status": "16", "grpc-message": "no token" });
  });

  it("logs errors of the server once, and hides them", async () => {
    const invoke = () => Promise.reject(new Error("secret"));
    const { send, error } = app([{ invoke }]);
    const answer = await send(grpcRequest({ body: envelope("a") }));
    expect(answer?.headers).toMatchObject({ "grpc-status": "13", "grpc-message": "the server failed to answer" });
    expect(error).toHaveBeenCalledTimes(1);
  });
});

describe("metadata of gRPC", () => {
  const add = (names: Record<string, string>, trailers: Record<string, string>, fails = false) => {
    const invoke = async (_: unknown, { responseHeaders, responseTrailers }: CallOptions) => {
      for (const [name, value] of Object.entries(names)) responseHeaders?.append(name, value);
      for (const [name, value] of Object.entries(trailers)) responseTrailers?.append(name, value);
      if (fails) throw new PotterError("aborted", "stop");
      return { response: toOrder("a") };
    };
    return app([{ invoke }]).send(grpcRequest({ body: envelope("a") }));
  };

  it("is sent with the headers and the trailers", async () => {
    const answer = await add({ "x-a": "1", "x-b-bin": "AAE" }, { "x-c": "2" });
    expect(answer?.headers).toMatchObject({ "x-a": "1", "x-b-bin": "AAE" });
    expect(answer?.trailers).toEqual({ "x-c": "2", "grpc-status": "0" });
  });

  it("of an error is sent with headers and trailers if there are headers, else with trailers only", async () => {
    const both = await add({ "x-a": "1" }, { "x-c": "2" }, true);
    expect(both?.headers).not.toHaveProperty("grpc-status");
    expect(both?.trailers).toEqual({ "x-c": "2", "grpc-status": "10", "grpc-message": "stop" });
    const only = await add({}, { "x-c": "2" }, true);
    expect(only?.trailers).toBeUndefined();
    expect(only?.headers).toMatchObject({ "x-c": "2", "grpc-status": "10" });
  });

  it("cannot replace what the protocol sends", async () => {
    const answer = await add(
      { "content-type": "text/html", "transfer-encoding": "chunked" },
      { "grpc-status": "0" },
      true,
    );
    expect(answer?.headers).toMatchObject({ "content-type": "application/grpc" });
    expect(answer?.headers).not.toHaveProperty("transfer-encoding");
    expect(answer?.trailers?.["grpc-status"]).toBe("10");
  });

  it.each([
    [{ "x-a": "line\r\nbreak" }, {}],
    [{}, { "x-a": "naïve" }],
    [{ "x a": "1" }, {}],
  ])("that headers cannot have is an internal error: %j, %j", async (headers, trailers) => {
    const answer = await add(headers as never, trailers as never);
    expect(answer?.headers["grpc-status"]).toBe("13");
    expect(answer?.headers).not.toHaveProperty("x-a");
    const failed = await add(headers as never, trailers as never, true);
    expect(failed?.headers["grpc-status"]).toBe("10");
  });
});

describe("the deadline of gRPC", () => {
  it("ends a call, and aborts its signal", async () => {
    let aborted: unknown;
    const invoke = (_: unknown, { signal }: CallOptions) =>
      new Promise<never>(() => signal?.addEventListener("abort", () => (aborted = signal.reason)));
    const { send, error } = app([{ invoke }]);
    const answer = await send(grpcRequest({ headers: { "grpc-timeout": "5m" }, body: envelope("a") }));
    expect(answer?.headers["grpc-status"]).toBe("4");
    expect(error).not.toHaveBeenCalled();
    expect(aborted).toMatchObject({ code: "deadline_exceeded" });
  });

  it("may be far away, but not beyond the option", async () => {
    const far = await app([{}]).send(grpcRequest({ headers: { "grpc-timeout": "99999999H" }, body: envelope("a") }));
    expect(far?.trailers).toEqual({ "grpc-status": "0" });
    const never = () => new Promise<never>(() => {});
    const { send, error } = app([{ invoke: never }], { maxTimeout: 5 });
    for (const headers of [{ "grpc-timeout": "1H" }, {}] as Record<string, string>[]) {
      expect((await send(grpcRequest({ headers, body: envelope("a") })))?.headers["grpc-status"]).toBe("4");
    }
    expect(error).toHaveBeenCalledTimes(2);
  });

  it("ends a stream that runs longer than the option allows", async () => {
    async function* items() {
      yield toOrder("a");
      await new Promise<never>(() => {});
    }
    const invoke = async () => ({ response: items() });
    const { send } = app([{ method: { stream: "server" }, invoke }], { maxTimeout: 200 });
    const answer = await send(grpcRequest({ body: envelope("a") }));
    // A busy machine may not even have begun by then.
    expect(answer?.trailers ?? answer?.headers).toMatchObject({ "grpc-status": "4" });
  });

  it("is refused if it is malformed", async () => {
    const answer = await app([{}]).send(grpcRequest({ headers: { "grpc-timeout": "soon" }, body: envelope("a") }));
    expect(answer?.headers["grpc-status"]).toBe("3");
  });
});
