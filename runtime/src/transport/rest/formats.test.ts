import { create, fromBinary, toBinary, toJson } from "@bufbuild/protobuf";
import { decode, encode } from "@msgpack/msgpack";
import { describe, expect, it } from "vitest";
import { messagePack } from "../../adapters/messagepack/index.js";
import { LineSchema, OrderSchema } from "../../message/fixture.test.proto.js";
import { tsProto } from "../../message/index.js";
import type { RestOptions } from "./options.js";
import { app, get, id, post, postId, type Setup, variable } from "./rest.fixture.js";

const binary = "application/x-protobuf";
const pack = "application/msgpack";
const withPack = { formats: [messagePack()] };

/** Sends bytes of a media type and returns the bytes of the response. */
function sender(setup: Setup, options: RestOptions = withPack) {
  const { handle } = app([setup], options);
  return async (path: string, body: Uint8Array | undefined, headers: Record<string, string>) => {
    const init = { method: setup.http.method, headers, ...(body && { body: body as Uint8Array<ArrayBuffer> }) };
    const response = await handle(new Request(`http://test${path}`, init));
    const bytes = new Uint8Array(await response.arrayBuffer());
    const problem = response.headers.get("content-type") === "application/problem+json";
    return {
      status: response.status,
      type: response.headers.get("content-type"),
      vary: response.headers.get("vary"),
      bytes,
      problem: problem ? JSON.parse(new TextDecoder().decode(bytes)) : undefined,
    };
  };
}

const toOrder = (bytes: Uint8Array) => toJson(OrderSchema, fromBinary(OrderSchema, bytes));
const inBinary = { "content-type": binary, accept: binary };

describe("binary protobuf", () => {
  it("is read and written", async () => {
    const body = toBinary(OrderSchema, create(OrderSchema, { orderId: "1", lines: [{ sku: "a" }] }));
    const answer = await sender({ http: post })("/orders", body, inBinary);
    expect([answer.status, answer.type, answer.vary]).toEqual([200, binary, "accept"]);
    expect(toOrder(answer.bytes)).toEqual({ orderId: "1", lines: [{ sku: "a" }] });
  });

  it("is merged with path and query", async () => {
    const http = { method: "PUT", segments: ["orders", id], body: "main_line" };
    const line = toBinary(LineSchema, create(LineSchema, { sku: "a" }));
    const answer = await sender({ http })("/orders/7?tags=a&tags=b&counts[x]=3", line, inBinary);
    expect(toOrder(answer.bytes)).toEqual({ orderId: "7", mainLine: { sku: "a" }, tags: ["a", "b"], counts: { x: 3 } });
  });

  it("must not contradict the path", async () => {
    const segments = [id, variable("main_line.sku", "*"), variable("card", "*"), variable("placed_at", "*")];
    const send = sender({ http: { ...post, segments } });
    const path = "/1/a/c/2024-01-01T00:00:00Z";
    const body = (init: Record<string, unknown>) => toBinary(OrderSchema, create(OrderSchema, init));
    expect((await send(path, body({ orderId: "1", payment: { case: "card", value: "c" } }), inBinary)).status).toBe(
      200,
    );
    expect((await send(path, body({ placedAt: { seconds: 1704067200n } }), inBinary)).status).toBe(200);
    for (const [field, init] of [
      ["/orderId", { orderId: "2" }],
      ["/mainLine/sku", { mainLine: { sku: "b" } }],
      ["/card", { payment: { case: "card", value: "d" } }],
      ["/placedAt", { placedAt: { seconds: 1n } }],
    ] as const) {
      const { status, problem } = await send(path, body(init), inBinary);
      expect([status, problem.violations]).toEqual([400, [expect.objectContaining({ in: "body", field })]]);
    }
  });

  it("is read by other message libraries too", async () => {
    interface Text {
      text: string;
    }
    const library = tsProto<Text>(
      {
        encode: ({ text }) => ({ finish: () => toBinary(OrderSchema, create(OrderSchema, { orderId: text })) }),
        decode: (bytes) => {
          const { orderId, total } = fromBinary(OrderSchema, bytes) as never as { orderId: string; total: bigint };
          // 64-bit integers and oneofs as ts-proto generates them with the required options.
          return { text: orderId, ...{ total, payment: { $case: "card", value: "" } } };
        },
        fromPartial: (init) => ({ text: (init as Partial<Text>).text ?? "" }),
      },
      OrderSchema,
    );
    const send = sender({ http: postId, method: { request: library, response: library } as never });
    const answer = await send("/orders/7", new Uint8Array(0), inBinary);
    expect(toOrder(answer.bytes)).toEqual({ orderId: "7" });
  });

  it.each([
    ["random bytes", Uint8Array.from([0x0a, 0xff, 0x01])],
    ["a cut message", Uint8Array.from([0x0a, 5, 0x41])],
    ["text that is not UTF-8", Uint8Array.from([0x0a, 1, 0xff])],
  ])("is refused for %s", async (_, body) => {
    const { status, problem } = await sender({ http: post })("/orders", body, inBinary);
    expect([status, problem.detail]).toEqual([400, "the body is not a valid test.v1.Order in the binary format"]);
  });

  it("is limited in size and in depth", async () => {
    let deep = create(OrderSchema, {});
    for (let level = 0; level < 20; level++) deep = create(OrderSchema, { parent: deep });
    const body = toBinary(OrderSchema, deep);
    expect((await sender({ http: post }, { maxJsonDepth: 10 })("/orders", body, inBinary)).status).toBe(400);
    expect((await sender({ http: post }, { maxJsonDepth: 30 })("/orders", body, inBinary)).status).toBe(200);
    expect((await sender({ http: post }, { maxBodySize: 10 })("/orders", body, inBinary)).status).toBe(413);
  });

  it("supports messages only: other bodies get 415, other responses 406", async () => {
    const send = sender({ http: { ...post, body: "tags" } });
    const { status, problem } = await send("/orders", new Uint8Array(0), { "content-type": binary });
    expect([status, problem.detail]).toEqual([415, expect.not.stringContaining(binary)]);
    const scalar = sender({ http: { ...get, responseBody: "total" } });
    expect((await scalar("/orders/1", undefined, { accept: binary })).status).toBe(406);
  });

  it("writes one field that is a message", async () => {
    const send = sender({ http: { ...get, responseBody: "main_line" } });
    const { bytes } = await send("/orders/1?main_line.sku=a", undefined, { accept: "application/protobuf" });
    expect(toJson(LineSchema, fromBinary(LineSchema, bytes))).toEqual({ sku: "a" });
    expect((await send("/orders/1", undefined, { accept: binary })).bytes).toHaveLength(0);
    const wrapped = sender({ http: { ...get, responseBody: "limit" } });
    expect([...(await wrapped("/orders/1?limit=5", undefined, { accept: binary })).bytes]).toEqual([8, 5]);
  });
});

describe("MessagePack", () => {
  it("reads and writes the values of ProtoJSON", async () => {
    const body = encode({ orderId: "1", total: 5n, blob: Uint8Array.from([1]) }, { useBigInt64: true });
    const answer = await sender({ http: post })("/orders", body, { "content-type": pack, accept: pack });
    expect([answer.status, answer.type]).toEqual([200, pack]);
    expect(decode(answer.bytes)).toEqual({ orderId: "1", total: "5", blob: "AQ==" });
  });

  it("is merged with path and query, and names fields as JSON does", async () => {
    const http = { method: "PUT", segments: ["orders", id], body: "main_line" };
    const send = sender({ http });
    const headers = { "content-type": `${pack}; charset=binary`, accept: pack };
    const answer = await send("/orders/7?page_size=5", encode({ sku: "a" }), headers);
    expect(decode(answer.bytes)).toEqual({ orderId: "7", mainLine: { sku: "a" }, pageSize: 5 });
    const wrong = await send("/orders/7", encode({ sku: 5 }), headers);
    expect(wrong.problem.violations).toEqual([expect.objectContaining({ in: "body", field: "/sku" })]);
  });

  it("writes one field that is not a message", async () => {
    const { bytes } = await sender({ http: { ...get, responseBody: "total" } })("/orders/1", undefined, {
      accept: pack,
    });
    expect(decode(bytes)).toBe("0");
  });

  it("is off by default", async () => {
    const send = sender({ http: post }, {});
    expect((await send("/orders", encode({}), { "content-type": pack })).status).toBe(415);
    expect((await send("/orders", undefined, { accept: pack })).status).toBe(406);
  });
});

describe("a response", () => {
  it.each([
    ["application/json;q=0.5, application/x-protobuf", binary],
    ["application/x-protobuf;q=0.5, application/json", "application/json"],
    ["application/msgpack, */*", pack],
    ["*/*;q=0.1, application/x-msgpack;q=0.2", "application/x-msgpack"],
    ["application/*", "application/json"],
    ["application/json;q=0, */*;q=0.1", binary],
    ["application/x-protobuf;q=0, application/protobuf", "application/protobuf"],
    ["", "application/json"],
  ])("to accept: %s is %s", async (accept, type) => {
    expect(await sender({ http: get })("/orders/1", undefined, { accept })).toMatchObject({ status: 200, type });
  });

  it("has Vary if its format was negotiated and it is cacheable, and not otherwise", async () => {
    const vary = async (method: Setup["method"], headers: Record<string, string>) =>
      (await sender({ http: get, ...(method && { method }) })("/orders/1", undefined, headers)).vary;
    expect(await vary({}, {})).toBeNull();
    expect(await vary({}, { accept: "*/*" })).toBeNull();
    expect(await vary({}, { accept: pack })).toBe("accept");
    expect(await vary({ cacheTtl: 5_000 }, {})).toBe("accept, authorization, cookie, potter-after");
  });

  it("that fails is a problem in JSON, whatever the client accepts", async () => {
    const { status, type } = await sender({ http: get })("/orders/1?nope=1", undefined, { accept: binary });
    expect([status, type]).toEqual([400, "application/problem+json"]);
  });

  it("without a body is the same in every format", async () => {
    const answer = await sender({ http: post, method: { status: 204 } })("/orders", undefined, { accept: "text/html" });
    expect([answer.status, answer.type, answer.bytes.length]).toEqual([204, null, 0]);
  });
});
