import { describe, expect, it } from "vitest";
import { toBase64 } from "../base64/index.js";
import { bidiStream, clientStream, command, query, serverStream } from "../codegen/index.js";
import { toEnvelope } from "../envelopes/index.js";
import { type Codec, createClient } from "../index.js";
import { type ConnectTransportOptions, connectTransport } from "./index.js";

interface Text {
  readonly text?: string;
}

const named = { service: "test.v1.Echo" };
const say = query<Text, Text>({ ...named, name: "Say" });
const shout = command<Text, Text, { tooLoud: Text }>({
  ...named,
  name: "Shout",
  errors: { tooLoud: "test.v1.TooLoud" },
});
const count = serverStream<Text, Text>({ ...named, name: "Count" });
const collect = clientStream<Text, Text>({ ...named, name: "Collect" });
const chat = bidiStream<Text, Text>({ ...named, name: "Chat" });

const codec: Codec<Text> = {
  typeName: "test.v1.Text",
  encode: ({ text = "" }) => new TextEncoder().encode(`<${text}>`),
  decode: (bytes) => {
    const [, text] = /^<(.*)>$/.exec(new TextDecoder().decode(bytes)) ?? [];
    if (text === undefined) throw new RangeError("not a Text");
    return { text };
  },
  toJson: ({ text }) => ({ TEXT: text }),
  fromJson: (json) => ({ text: (json as { TEXT: string }).TEXT }),
};
const sayBinary = query<Text, Text>({ ...named, name: "Say", request: codec, response: codec });
const countBinary = serverStream<Text, Text>({ ...named, name: "Count", request: codec, response: codec });

interface Sent {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A client whose requests a function answers; `sent` has them. */
function start(answer: (sent: Sent) => Response | Promise<Response>, options: Partial<ConnectTransportOptions> = {}) {
  const sent: Sent[] = [];
  const transport = connectTransport({
    baseUrl: "http://shop/api/",
    fetch: async (url, init) => {
      const request = new Request(url as string, init);
      const { method, headers } = request;
      const one = { url: request.url, method, headers: Object.fromEntries(headers), body: await request.text() };
      sent.push(one);
      return answer(one);
    },
    ...options,
  });
  return { sent, client: createClient({ transport, timeout: 0, retry: { initialDelay: 1, maxDelay: 1 } }) };
}

/** The answer of what is no server of Connect. */
function problem(body: unknown, status: number): Response {
  return Response.json(body, { status, headers: { "content-type": "application/problem+json" } });
}

const json = (body: unknown, init?: ResponseInit) => Response.json(body, init);
const binary = (text: string) => new Response(text, { headers: { "content-type": "application/proto" } });
const stream = (...parts: readonly (string | Uint8Array)[]) => streamOf("json", ...parts);
const streamOf = (format: string, ...parts: readonly (string | Uint8Array)[]) =>
  new Response(new Blob(parts.map((part) => (typeof part === "string" ? toEnvelope(part) : new Uint8Array(part)))), {
    headers: { "content-type": `application/connect+${format}`, "x-lead": "l" },
  });
const end = (body: object = {}) => {
  const bytes = toEnvelope(JSON.stringify(body));
  bytes[0] = 2;
  return bytes;
};

it.each([
  { code: 503, details: "upstream" },
  { code: "SERVICE", details: [null, 7] },
])("the JSON of a proxy is an error of its status: %j", async (body) => {
  const { client } = start(() => json(body, { status: 503 }));
  expect(await say(client, {}, { retry: false }).safe()).toMatchObject({ error: { code: "unavailable", details: [] } });
});

describe("a unary call", () => {
  it("is a POST of JSON, with what is left of its time", async () => {
    const { client, sent } = start(() => json({ text: "hi" }, { headers: { "x-a": "1", "trailer-x-b": "2" } }));
    const { response, headers, trailers } = await shout(
      client,
      { text: "ü" },
      { timeout: 9_000, commandId: "k" },
    ).result();
    expect(sent).toEqual([
      {
        url: "http://shop/api/test.v1.Echo/Shout",
        method: "POST",
        headers: {
          "content-type": "application/json",
          "connect-protocol-version": "1",
          "connect-timeout-ms": expect.stringMatching(/^(9000|89\d\d)$/),
          "idempotency-key": "k",
        },
        body: '{"text":"ü"}',
      },
    ]);
    expect([response, headers.get("x-a"), trailers?.get("x-b")]).toEqual([{ text: "hi" }, "1", "2"]);
    const names: string[] = [];
    trailers?.forEach((_, name) => {
      names.push(name);
    });
    expect(names).toEqual(["x-b"]);
  });

  it("is a GET if it changes nothing, has no headers and is short", async () => {
    const { client, sent } = start(() => json({}));
    await say(client, { text: "a&ü" });
    await say(client, { text: "a" }, { correlationId: "c" });
    await say(client, { text: "a".repeat(2_000) });
    await shout(client, {});
    // A command may be idempotent: it is no query for that.
    await command<Text, Text>({ ...named, name: "Reset", repeat: "safe" })(client, {});
    await say(start(() => json({}), { get: false }).client, {});
    expect(sent.map(({ method }) => method)).toEqual(["GET", "POST", "POST", "POST", "POST"]);
    expect(sent[0]?.headers).toEqual({});
    expect(sent[0]?.url).toBe(
      "http://shop/api/test.v1.Echo/Say?connect=v1&encoding=json&message=%7B%22text%22%3A%22a%26%C3%BC%22%7D",
    );
  });

  it("is binary if it has codecs and the transport says so", async () => {
    const { client, sent } = start(() => binary("<hi>"), { format: "proto" });
    expect(await sayBinary(client, { text: "é?" })).toEqual({ text: "hi" });
    expect(await sayBinary(client, { text: "b" }, { correlationId: "c" })).toEqual({ text: "hi" });
    expect(sent[0]?.url).toBe("http://shop/api/test.v1.Echo/Say?connect=v1&encoding=proto&message=PMOpPz4&base64=1");
    expect(sent[1]).toMatchObject({ headers: { "content-type": "application/proto" }, body: "<b>" });
    const { client: plain, sent: requests } = start(() => json({ text: "hi" }), { format: "proto" });
    expect(await shout(plain, {})).toEqual({ text: "hi" });
    expect(requests[0]?.headers["content-type"]).toBe("application/json");
  });

  it("with codecs is ProtoJSON by default", async () => {
    const { client, sent } = start(() => json({ TEXT: "hi" }), { get: false });
    expect(await sayBinary(client, { text: "a" })).toEqual({ text: "hi" });
    expect(sent[0]?.body).toBe('{"TEXT":"a"}');
  });

  it("fails with the error of the server and its details", async () => {
    const detail = (type: string, value: string, debug: unknown) => ({
      type,
      value: toBase64(new TextEncoder().encode(value)),
      debug,
    });
    const { client } = start(() =>
      json(
        {
          code: "failed_precondition",
          message: "no",
          details: [
            detail("test.v1.TooLoud", "x", { text: "90 dB" }),
            detail("google.rpc.BadRequest", "", {
              fieldViolations: [{ field: "text", description: "d", reason: "r" }],
            }),
            detail("google.rpc.RetryInfo", "", { retryDelay: "1.5s" }),
          ],
        },
        { status: 400, headers: { "x-correlation-id": "c" } },
      ),
    );
    const { error } = await shout(client, {}).safe();
    expect(error).toMatchObject({
      code: "failed_precondition",
      name: "tooLoud",
      message: "no",
      detail: { text: "90 dB" },
      violations: [{ field: "text", rule: "r", message: "d" }],
      retryAfter: 1500,
      correlationId: "c",
    });
    expect(error?.details[0]?.bytes).toEqual(new TextEncoder().encode("x"));
  });

  it.each([
    ["canceled", json({ code: "canceled" }, { status: 499 }), "cancelled"],
    ["no code", json({ message: "?" }, { status: 404 }), "unimplemented"],
    ["an unknown code", json({ code: "odd" }, { status: 403 }), "permission_denied"],
    [
      "a problem of HTTP, which has a code too",
      problem({ code: "not_found", detail: "no path" }, 404),
      "unimplemented",
    ],
    ["a problem of what stands before the service", problem({ code: "out_of_range" }, 503), "unavailable"],
    ["an error as text", new Response('{"code":"not_found"}', { status: 404 }), "unimplemented"],
    ["the page of a proxy", new Response("<html>", { status: 502 }), "unavailable"],
    ["an empty body", new Response(null, { status: 418 }), "unknown"],
    ["JSON that is no object", json(null, { status: 401 }), "unauthenticated"],
    [
      "details that are none",
      json({ code: "aborted", details: [{ type: "x", value: "?" }] }, { status: 409 }),
      "aborted",
    ],
    ["a success that is not JSON", new Response("{", { headers: { "content-type": "application/json" } }), "internal"],
    ["a page in place of JSON", new Response("<html>"), "unknown"],
    ["another format", binary("<hi>"), "internal"],
  ])("that is answered with %s fails", async (_, response, code) => {
    const { client } = start(() => response.clone());
    expect(await shout(client, {}).safe()).toMatchObject({ ok: false, error: { code } });
  });

  it("waits as long as retry-after says, in seconds or until a date", async () => {
    const at = (value: string) =>
      start(() => json({ code: "aborted" }, { status: 409, headers: { "retry-after": value } }));
    expect((await shout(at("2").client, {}).safe()).error?.retryAfter).toBe(2_000);
    expect((await shout(at("Thu, 01 Jan 1970 00:00:00 GMT").client, {}).safe()).error?.retryAfter).toBe(0);
    expect((await shout(at("soon").client, {}).safe()).error?.retryAfter).toBeUndefined();
  });

  it("that cannot be sent is unavailable", async () => {
    const cause = new TypeError("fetch failed");
    const { client } = start(() => Promise.reject(cause));
    expect(await shout(client, {}).safe()).toMatchObject({ error: { code: "unavailable", cause } });
  });

  it("whose body breaks off is unavailable", async () => {
    const broken = () =>
      new Response(
        new ReadableStream({
          pull(controller) {
            controller.error(new TypeError("terminated"));
          },
        }),
      );
    const { client } = start(broken);
    expect(await shout(client, {}).safe()).toMatchObject({ error: { code: "unavailable" } });
  });
});

describe("a stream", () => {
  it("is a POST of one envelope, and is read as it comes", async () => {
    const { client, sent } = start(() =>
      stream('{"text":"a"}', '{"text":"ü"}', end({ metadata: { "X-Trail": ["1", "2"] } })),
    );
    const call = count(client, { text: "q" });
    const texts: (string | undefined)[] = [];
    for await (const { text } of call) texts.push(text);
    const { headers, trailers } = await call.answer();
    expect(texts).toEqual(["a", "ü"]);
    expect([headers.get("x-lead"), trailers?.get("x-trail")]).toEqual(["l", "1, 2"]);
    expect(sent[0]).toMatchObject({
      method: "POST",
      headers: { "content-type": "application/connect+json" },
      body: `\0\0\0\0\x0c{"text":"q"}`,
    });
  });

  it.each(["{", "null", "7"])("whose end is %j has not succeeded", async (text) => {
    const bytes = toEnvelope(text);
    bytes[0] = 2;
    const { client } = start(() => stream(bytes));
    const items = count(client, {}, { retry: false })[Symbol.asyncIterator]();
    await expect(items.next()).rejects.toMatchObject({ code: "internal" });
  });

  it("is read however its bytes are cut", async () => {
    const bytes = new Uint8Array(await stream('{"text":"a"}', '{"text":"b"}', end()).arrayBuffer());
    const body = new ReadableStream({
      start(controller) {
        for (const byte of bytes) controller.enqueue(Uint8Array.of(byte));
        controller.close();
      },
    });
    const { client } = start(() => new Response(body, { headers: { "content-type": "application/connect+json" } }));
    const texts = [];
    for await (const { text } of count(client, {})) texts.push(text);
    expect(texts).toEqual(["a", "b"]);
  });

  it("may be binary", async () => {
    const { client, sent } = start(() => streamOf("proto", "<a>", end()), { format: "proto" });
    const texts = [];
    for await (const { text } of countBinary(client, { text: "q" })) texts.push(text);
    expect(texts).toEqual(["a"]);
    expect(sent[0]).toMatchObject({
      headers: { "content-type": "application/connect+proto" },
      body: "\0\0\0\0\x03<q>",
    });
  });

  it.each([
    ["its last message", () => stream('{"text":"a"}', end({ error: { code: "aborted" } })), "aborted"],
    ["an answer of a server without the method", () => problem({ code: "not_found" }, 404), "unimplemented"],
    ["an answer before it", () => json({ code: "not_found" }, { status: 404 }), "not_found"],
    ["a compressed message", () => stream(Uint8Array.of(1, 0, 0, 0, 0)), "internal"],
    ["a message that is not JSON", () => stream("{"), "internal"],
  ])("fails by %s", async (_, response, code) => {
    const { client } = start(response);
    const read = async () => {
      for await (const _ of count(client, {}, { retry: false }));
    };
    await expect(read()).rejects.toMatchObject({ code });
  });

  it.each([
    ["between messages", stream('{"text":"a"}')],
    ["within a message", stream('{"text":"a"}', Uint8Array.of(0, 0, 0, 0, 9, 1))],
  ])("that breaks off %s is incomplete", async (_, response) => {
    const { client } = start(() => response.clone());
    const read = async () => {
      for await (const _ of count(client, {}, { retry: false }));
    };
    await expect(read()).rejects.toMatchObject({ code: "internal", interrupted: true });
  });

  it("of requests is sent as envelopes", async () => {
    const { client, sent } = start(() => stream('{"text":"a+b"}', end()));
    expect(await collect(client, [{ text: "a" }, { text: "b" }])).toEqual({ text: "a+b" });
    expect(sent[0]?.body).toBe(`\0\0\0\0\x0c{"text":"a"}\0\0\0\0\x0c{"text":"b"}`);
    const { client: silent } = start(() => stream(end()));
    expect(await collect(silent, []).safe()).toMatchObject({ error: { code: "unimplemented" } });
  });

  it("of requests and responses is read as it comes", async () => {
    const { client } = start(({ body }) => stream(...body.split(/[\0\f]+/).filter(Boolean), end()));
    const texts = [];
    for await (const { text } of chat(client, [{ text: "a" }, { text: "b" }])) texts.push(text);
    expect(texts).toEqual(["a", "b"]);
  });
});
