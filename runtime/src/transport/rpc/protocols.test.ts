import { describe, expect, it } from "vitest";
import { PotterError } from "../../errors/index.js";
import { app, encoded, envelope, envelopesOf, grpcRequest, idOf, join, TestRequest, toOrder } from "./rpc.fixture.js";

describe("gRPC", () => {
  it("answers an unary call with the message and trailers", async () => {
    const { send } = app([{}]);
    const answer = await send(grpcRequest({ body: envelope("o-1") }));
    expect(answer).toMatchObject({ status: 200, trailers: { "grpc-status": "0" } });
    expect(answer?.headers["content-type"]).toBe("application/grpc");
    expect(envelopesOf(answer?.body as Uint8Array).map(({ data }) => idOf(data))).toEqual(["o-1"]);
  });

  it("answers an error with headers only", async () => {
    const invoke = () => Promise.reject(new PotterError("not_found", "naïve 100%"));
    const answer = await app([{ invoke }]).send(grpcRequest({ body: envelope("o-1") }));
    expect(answer?.body).toHaveLength(0);
    expect(answer?.trailers).toBeUndefined();
    expect(answer?.headers).toMatchObject({ "grpc-status": "5", "grpc-message": "na%C3%AFve 100%25" });
  });

  it("streams items, and reports a later error in trailers", async () => {
    async function* items() {
      yield toOrder("a");
      yield toOrder("b");
      throw new PotterError("aborted", "stop");
    }
    const { send } = app([{ method: { stream: "server" }, invoke: async () => ({ response: items() }) }]);
    const answer = await send(grpcRequest({ body: envelope("o-1") }));
    expect(envelopesOf(answer?.body as Uint8Array).map(({ data }) => idOf(data))).toEqual(["a", "b"]);
    expect(answer?.trailers).toEqual({ "grpc-status": "10", "grpc-message": "stop" });
  });

  it("reads a stream of requests", async () => {
    const invoke = async (requests: AsyncIterable<{ orderId: string }>) => {
      let all = "";
      for await (const { orderId } of requests) all += orderId;
      return { response: toOrder(all) };
    };
    const { send } = app([{ method: { stream: "client" }, invoke }]);
    const body = join([envelope("a"), envelope("b"), envelope("c")]);
    async function* chunks() {
      for (const byte of body) yield Uint8Array.of(byte);
    }
    const answer = await send(grpcRequest({ body: chunks() }));
    expect(envelopesOf(answer?.body as Uint8Array).map(({ data }) => idOf(data))).toEqual(["abc"]);
  });

  it("is refused by a server without trailers, which says why", async () => {
    const { send } = app([{}]);
    const answer = await send(grpcRequest({ body: envelope("o-1"), trailers: false }));
    expect(answer?.status).toBe(415);
    expect(JSON.parse(answer?.text ?? "")).toMatchObject({
      detail: expect.stringContaining("gRPC needs HTTP/2 with trailers"),
    });
  });
});

describe("gRPC-Web", () => {
  it("sends the trailers as the last envelope", async () => {
    const { send } = app([{}]);
    const headers = { "content-type": "application/grpc-web+proto" };
    const answer = await send(new TestRequest({ headers, body: envelope("o-1"), trailers: false }));
    const [message, last] = envelopesOf(answer?.body as Uint8Array);
    expect(idOf(message?.data as Uint8Array)).toBe("o-1");
    expect(last?.flags).toBe(0x80);
    expect(new TextDecoder().decode(last?.data)).toBe("grpc-status: 0\r\n");
  });

  it("reads and writes base64, padded anywhere", async () => {
    const { send } = app([{}]);
    const headers = { "content-type": "application/grpc-web-text" };
    const bytes = Buffer.from(envelope("o-1"));
    const body = `${bytes.subarray(0, 2).toString("base64")}${bytes.subarray(2).toString("base64")}`;
    const answer = await send(new TestRequest({ headers, body, trailers: false }));
    const pieces = answer?.text.match(/[\w+/]+=*/g) ?? [];
    const decoded = join(pieces.map((piece) => Buffer.from(piece, "base64")));
    expect(envelopesOf(decoded).map(({ flags }) => flags)).toEqual([0, 0x80]);
  });
});

describe("Connect", () => {
  it("answers an unary call in the format of the request", async () => {
    const { send } = app([{}]);
    const proto = await send(
      new TestRequest({ headers: { "content-type": "application/proto" }, body: encoded("o-1"), trailers: false }),
    );
    expect(idOf(proto?.body as Uint8Array)).toBe("o-1");
    const json = await send(
      new TestRequest({ headers: { "content-type": "application/json" }, body: '{"orderId":"o-2"}', trailers: false }),
    );
    expect(json?.headers["content-type"]).toBe("application/json");
    expect(JSON.parse(json?.text ?? "")).toEqual({ orderId: "o-2" });
  });

  it("answers GET for a query, and refuses it for a command", async () => {
    const { send } = app([{}, { method: { kind: "command" } }]);
    const query = `connect=v1&encoding=json&message=${encodeURIComponent('{"orderId":"o-3"}')}`;
    const answer = await send(new TestRequest({ method: "GET", query, trailers: false }));
    expect(JSON.parse(answer?.text ?? "")).toEqual({ orderId: "o-3" });
    const refused = await send(new TestRequest({ method: "GET", query, path: "/test.v1.Orders/Method1" }));
    expect(refused).toMatchObject({ status: 405, headers: { allow: "OPTIONS, POST" } });
  });

  it("reports an error in JSON, with the status of its own table", async () => {
    const invoke = () => Promise.reject(new PotterError("failed_precondition", "closed"));
    const { send } = app([{ invoke }]);
    const answer = await send(
      new TestRequest({ headers: { "content-type": "application/proto" }, body: encoded("o-1"), trailers: false }),
    );
    expect(answer).toMatchObject({ status: 400, headers: { "content-type": "application/json" } });
    expect(JSON.parse(answer?.text ?? "")).toEqual({ code: "failed_precondition", message: "closed" });
  });

  it("ends a stream with an envelope that has the error", async () => {
    async function* items() {
      yield toOrder("a");
      throw new PotterError("aborted", "stop");
    }
    const { send } = app([{ method: { stream: "server" }, invoke: async () => ({ response: items() }) }]);
    const headers = { "content-type": "application/connect+proto" };
    const answer = await send(new TestRequest({ headers, body: envelope("o-1"), trailers: false }));
    const [item, end] = envelopesOf(answer?.body as Uint8Array);
    expect(idOf(item?.data as Uint8Array)).toBe("a");
    expect(end?.flags).toBe(2);
    expect(JSON.parse(new TextDecoder().decode(end?.data))).toEqual({ error: { code: "aborted", message: "stop" } });
  });
});
