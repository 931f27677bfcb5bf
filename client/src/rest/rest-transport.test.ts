import { describe, expect, it, vi } from "vitest";
import { clientStream, command, query, serverStream } from "../codegen/index.js";
import { createClient, type HttpRule, isPositionLost } from "../index.js";
import { readEvents } from "./events.js";
import { type RestTransportOptions, restTransport } from "./index.js";

type Json = Readonly<Record<string, unknown>>;

interface Sent {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

function start(answer: (sent: Sent) => Response, options: Partial<RestTransportOptions> = {}) {
  const sent: Sent[] = [];
  const transport = restTransport({
    baseUrl: "http://shop",
    fetch: async (url, init) => {
      const request = new Request(url as string, init);
      const { method, headers } = request;
      const path = request.url.replace("http://shop", "");
      const one = { method, url: path, headers: Object.fromEntries(headers), body: await request.text() };
      sent.push(one);
      return answer(one);
    },
    ...options,
  });
  return { sent, client: createClient({ transport, timeout: 0, retry: { initialDelay: 1, maxDelay: 1 } }) };
}

const named = { service: "test.v1.Books", name: "Do" };
const ask = (http: HttpRule) => query<Json, Json>({ ...named, http });
const problem = (body: object, status: number, headers: Record<string, string> = {}) =>
  Response.json(body, { status, headers: { "content-type": "application/problem+json", ...headers } });

async function sentFor(http: HttpRule, request: Json): Promise<string> {
  const { client, sent } = start(() => Response.json({}));
  await ask(http)(client, request);
  const [one] = sent;
  return `${one?.method} ${one?.url}${one?.body ? ` ${one.body}` : ""}`;
}

describe("the request", () => {
  it.each<[string, HttpRule, Json, string]>([
    [
      "a variable",
      { method: "GET", path: "/v1/orders/{orderId}" },
      { orderId: "a/b ü" },
      "GET /v1/orders/a%2Fb%20%C3%BC",
    ],
    [
      "a verb",
      { method: "POST", path: "/v1/orders/{orderId}:ship", body: "*" },
      { orderId: "1" },
      "POST /v1/orders/1:ship {}",
    ],
    [
      "several segments",
      { method: "GET", path: "/v1/{name=shelves/*/books/*}" },
      { name: "shelves/a b/books/2" },
      "GET /v1/shelves/a%20b/books/2",
    ],
    ["the rest of a path", { method: "GET", path: "/v1/{path=**}" }, { path: "a/b" }, "GET /v1/a/b"],
    [
      "a nested field",
      { method: "PATCH", path: "/v1/{book.name}", body: "book" },
      { book: { name: "x", title: "t" } },
      'PATCH /v1/x {"title":"t"}',
    ],
    [
      "a body that is a field",
      { method: "PUT", path: "/v1/b/{id}", body: "book" },
      { id: 7, book: { a: 1 }, dry: true },
      'PUT /v1/b/7?dry=true {"a":1}',
    ],
    [
      "a body without its path",
      { method: "POST", path: "/v1/b/{id}", body: "*" },
      { id: "7", a: [1] },
      'POST /v1/b/7 {"a":[1]}',
    ],
    [
      "a query string",
      { method: "GET", path: "/v1/b", maps: ["labels"] },
      {
        filter: { state: "OPEN", tags: ["a", "b&"] },
        labels: { "c d": "e" },
        none: null,
        absent: undefined,
        n: 0,
        off: false,
      },
      "GET /v1/b?filter.state=OPEN&filter.tags=a&filter.tags=b%26&labels%5Bc%20d%5D=e&n=0&off=false",
    ],
  ])("has %s", async (_, http, request, expected) => {
    const copy = structuredClone(request);
    expect(await sentFor(http, request)).toBe(expected);
    expect(request).toEqual(copy);
  });

  it.each([{}, { orderId: "" }, { orderId: null }])(
    "is not sent without a variable of its path: %j",
    async (request) => {
      const { client, sent } = start(() => Response.json({}));
      const { error } = await ask({ method: "GET", path: "/v1/orders/{orderId}" })(client, request).safe();
      expect(error).toMatchObject({ code: "invalid_argument", message: expect.stringContaining("orderId") });
      expect(sent).toEqual([]);
    },
  );

  it.each([
    ["/v1/orders/{id}", "."],
    ["/v1/orders/{id}/items", ".."],
    ["/v1/{id=orders/*}", "orders/.."],
    ["/v1/{id=orders/*}", "carts/1"],
    ["/v1/{id=orders/*}", "orders/1/items"],
    ["/v1/{id=orders/*}", "orders/"],
    ["/v1/{id=orders/*/**}", "orders"],
    ["/v1/{id=**}", "a/../b"],
    ["/v1/{id=files/**}", "files/./b"],
  ])("is not sent to another path: %s with %s", async (path, id) => {
    const { client, sent } = start(() => Response.json({}));
    const { error } = await ask({ method: "GET", path })(client, { id }).safe();
    expect(error).toMatchObject({ code: "invalid_argument", message: expect.stringContaining("id must") });
    expect(sent).toEqual([]);
  });

  it.each([
    ["/v1/orders/{id}", "...", "/v1/orders/..."],
    ["/v1/orders/{id}", "%2e%2e", "/v1/orders/%252e%252e"],
    ["/v1/orders/{id}", "../..", "/v1/orders/..%2F.."],
    ["/v1/{id=orders/*/**}", "orders/1", "/v1/orders/1"],
    ["/v1/{id=files/**}", "files/a/.b", "/v1/files/a/.b"],
  ])("is sent to the path that its values name: %s with %s", async (path, id, expected) => {
    expect(await sentFor({ method: "GET", path }, { id })).toBe(`GET ${expected}`);
  });

  it("has the headers of the call", async () => {
    const { client, sent } = start(() => Response.json({}));
    const place = command<Json, Json>({ ...named, http: { method: "POST", path: "/v1", body: "*" } });
    await place(client, {}, { commandId: "k", expectedVersion: 3, timeout: 1_500, correlationId: "c" });
    await ask({ method: "GET", path: "/v1" })(client, {});
    expect(sent.map(({ headers }) => headers)).toEqual([
      {
        accept: "application/json",
        "content-type": "application/json",
        "idempotency-key": "k",
        "if-match": '"3"',
        "request-timeout": expect.stringMatching(/^1\.(5|4\d{0,2})$/),
        "x-correlation-id": "c",
      },
      { accept: "application/json" },
    ]);
  });

  it("of a method without a binding, or with a stream of requests, is not possible", async () => {
    const { client } = start(() => Response.json({}));
    expect(await query<Json, Json>(named)(client, {}).safe()).toMatchObject({ error: { code: "unimplemented" } });
    const upload = clientStream<Json, Json>({ ...named, http: { method: "POST", path: "/v1" } });
    expect(await upload(client, []).safe()).toMatchObject({ error: { code: "unimplemented" } });
  });
});

describe("the response", () => {
  const get = ask({ method: "GET", path: "/v1" });

  it("is JSON, or nothing, or the bytes of another type", async () => {
    const { client } = start(() => Response.json({ a: 1 }, { headers: { etag: '"4"' } }));
    expect(await get(client, {}).result()).toMatchObject({ response: { a: 1 }, version: 4 });
    expect(await get(start(() => new Response(null, { status: 204 })).client, {})).toEqual({});
    const image = () => new Response(Uint8Array.of(1, 2), { headers: { "content-type": "image/png" } });
    expect(await get(start(image).client, {})).toEqual({ contentType: "image/png", data: "AQI" });
  });

  it("may be one field of the message", async () => {
    const { client } = start(() => Response.json([1, 2]));
    expect(await ask({ method: "GET", path: "/v1", responseBody: "items" })(client, {})).toEqual({ items: [1, 2] });
  });

  it("that is no JSON is an error", async () => {
    const broken = () => new Response("{", { headers: { "content-type": "application/json" } });
    expect(await get(start(broken).client, {}).safe()).toMatchObject({ error: { code: "internal" } });
  });
});

describe("an error", () => {
  const place = command<Json, Json, { outOfStock: { readonly sku: string } }>({
    ...named,
    http: { method: "POST", path: "/v1", body: "*" },
    errors: { outOfStock: "shop.v1.OutOfStock" },
  });

  it("is the declared one, with violations, correlation id and time to wait", async () => {
    const body = {
      title: "out of stock",
      code: "failed_precondition",
      correlationId: "c",
      violations: [{ in: "body", field: "/lines/0/sku", rule: "r", message: "m" }],
      error: { "@type": "shop.v1.OutOfStock", sku: "tea" },
      details: [{ "@type": "type.googleapis.com/google.protobuf.Duration", value: "3s" }],
    };
    const { client } = start(() => problem(body, 409, { "retry-after": "2" }));
    const { error } = await place(client, {}).safe();
    expect(error).toMatchObject({
      name: "outOfStock",
      code: "failed_precondition",
      message: "out of stock",
      detail: { sku: "tea" },
      correlationId: "c",
      retryAfter: 2_000,
      violations: [{ field: "lines[0].sku", rule: "r", message: "m" }],
      details: [{ typeName: "shop.v1.OutOfStock" }, { typeName: "google.protobuf.Duration", json: "3s" }],
    });
  });

  it.each([
    [404, "not_found"],
    [401, "unauthenticated"],
    [429, "resource_exhausted"],
    [502, "unavailable"],
    [418, "unknown"],
  ])("of another server with the status %i is %s", async (status, code) => {
    const { client } = start(() => new Response("<html>", { status, headers: { "x-correlation-id": "c" } }));
    expect(await place(client, {}).safe()).toMatchObject({ error: { code, correlationId: "c" } });
  });

  it.each([
    { code: 503, details: "upstream" },
    { error: "Service Unavailable", violations: {}, details: [null, 7] },
  ])("the JSON of a proxy is an error of its status: %j", async (body) => {
    const { client } = start(() => Response.json(body, { status: 503 }));
    const found = { code: "unavailable", details: [], violations: [] };
    expect(await place(client, {}, { retry: false }).safe()).toMatchObject({ error: found });
  });
});

describe("a stream", () => {
  const follow = serverStream<Json, Json>({ ...named, http: { method: "GET", path: "/v1" } });
  const events = (...chunks: readonly string[]) =>
    new Response(
      new ReadableStream({
        start(controller) {
          for (const chunk of chunks) controller.enqueue(new TextEncoder().encode(chunk));
          controller.close();
        },
      }),
      { headers: { "content-type": "text/event-stream" } },
    );
  const read = async (stream: AsyncIterable<Json>) => {
    const found: Json[] = [];
    for await (const item of stream) found.push(item);
    return found;
  };

  it("is read by its events, and continues by their ids when it breaks off", async () => {
    const answers = [
      events(':\n\nretry: 1\n\nid: 1\ndata: {"a":1}\n\nid: 2\nda', 'ta: {"a":2}\n\ndata: {"lost"'),
      events('id: 3\ndata: {"a":3}\n\nevent: end\ndata:\n\nignored'),
    ];
    const { client, sent } = start(() => answers.shift() as Response);
    expect(await read(follow(client, {}))).toEqual([{ a: 1 }, { a: 2 }, { a: 3 }]);
    expect(sent.map(({ headers }) => [headers["accept"], headers["last-event-id"]])).toEqual([
      ["text/event-stream", undefined],
      ["text/event-stream", "2"],
    ]);
  });

  it("does not take the position of an event for that of one without a position", async () => {
    const { client, sent } = start(() => events('id: 1\ndata: {"a":1}\n\ndata: {"a":2}\n\n'));
    const found: Json[] = [];
    const reading = (async () => {
      for await (const one of follow(client, {})) found.push(one);
    })();
    const failure: unknown = await reading.catch((error: unknown) => error);
    expect([found, isPositionLost(failure), sent.length]).toEqual([[{ a: 1 }, { a: 2 }], true, 1]);
  });

  it("fails by its last event, or by an answer in its place", async () => {
    const late = start(() => events('data: {"a":1}\n\nevent: error\ndata: {"code":"aborted","detail":"late"}\n\n'));
    await expect(read(follow(late.client, {}))).rejects.toMatchObject({ code: "aborted", message: "late" });
    const early = start(() => problem({ code: "not_found" }, 404));
    await expect(read(follow(early.client, {}))).rejects.toMatchObject({ code: "not_found" });
  });

  it("that is silent for too long counts as broken", async () => {
    const silent = () => new Response(new ReadableStream({}), { headers: { "content-type": "text/event-stream" } });
    const { client, sent } = start(silent, { idleTimeout: 5 });
    await expect(read(follow(client, {}, { retry: false }))).rejects.toMatchObject({ code: "unavailable" });
    expect(sent.length).toBe(1);
  });

  it.each([
    ["text/html", /found "text\/html"/],
    ["", /found ""/],
  ])("fails by an answer of another type, and is not repeated: %s", async (type, message) => {
    const cancel = vi.fn();
    const page = () => new Response(new ReadableStream({ cancel }), { headers: type ? { "content-type": type } : {} });
    const answers = [
      new Response("id: 1\ndata: {}\n\n", { headers: { "content-type": "text/event-stream; charset=utf-8" } }),
      page(),
    ];
    const { client, sent } = start(() => answers.shift() ?? page());
    await expect(read(follow(client, {}))).rejects.toMatchObject({ code: "unknown", message });
    expect(sent.map(({ headers }) => headers["last-event-id"])).toEqual([undefined, "1"]);
    expect(cancel).toHaveBeenCalledTimes(1);
  });

  it("has events as the standard says", async () => {
    const text =
      "\uFEFFdata: a\r\ndata:b\r\rid: 7\rdata\n\nevent: x\ndata: c\nid: 8\0\n\nretry: no\nretry: 5\n\nid: 9\n\ndata: d\n\ndata: lost";
    const bytes = new TextEncoder().encode(text);
    const chunks = async function* () {
      for (const byte of bytes) yield Uint8Array.of(byte);
    };
    const found = [];
    for await (const { event, data, id, retry } of readEvents(chunks())) found.push([event, data, id, retry]);
    expect(found).toEqual([
      ["message", "a\nb", undefined, undefined],
      ["message", "", "7", undefined],
      ["x", "c", "7", undefined],
      ["message", undefined, "9", 5],
      ["message", "d", "9", 5],
    ]);
  });
});
