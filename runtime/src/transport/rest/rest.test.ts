import { describe, expect, it, vi } from "vitest";
import type { CallOptions, CallResult } from "../../cqrs/index.js";
import { PotterError } from "../../errors/index.js";
import { app, echo, get, id, order, post, postId, type Setup, variable, violations } from "./rest.fixture.js";

describe("a body that is the whole request", () => {
  it("is read and written as ProtoJSON", async () => {
    const answer = await echo(post)("POST", "/orders", { json: { orderId: "1", total: "5", color: "COLOR_RED" } });
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toBe("application/json");
    expect(answer.body).toEqual({ orderId: "1", total: "5", color: "COLOR_RED" });
  });

  it("may be omitted", async () => {
    expect((await echo(postId)("POST", "/orders/7")).body).toEqual({ orderId: "7" });
  });

  it("gets the fields of the path", async () => {
    const send = echo(postId);
    expect((await send("POST", "/orders/a%2Fb%20c", { json: { note: "n" } })).body).toEqual({
      orderId: "a/b c",
      note: "n",
    });
    expect((await send("POST", "/orders/7", { json: { orderId: "7" } })).status).toBe(200);
    expect((await send("POST", "/orders/7", { json: { orderId: "" } })).body).toEqual({ orderId: "7" });
  });

  it("must not contradict the path", async () => {
    const answer = await echo(postId)("POST", "/orders/7", { json: { order_id: "8" } });
    expect(answer.status).toBe(400);
    expect(violations(answer)).toEqual(["body /orderId http.path_conflict"]);
    expect(answer.text).not.toContain('"8"');
  });

  it("gets nested fields of the path, whichever names it uses", async () => {
    const send = echo({
      ...post,
      segments: ["lines", variable("main_line.sku", "*"), variable("main_line.quantity", "*")],
    });
    expect((await send("POST", "/lines/a/3", { json: { main_line: { unit_price: 4 } } })).body).toEqual({
      mainLine: { sku: "a", quantity: 3, unitPrice: "4" },
    });
    const wrong = await send("POST", "/lines/a/x", { json: {} });
    expect(violations(wrong)).toEqual(["path main_line.quantity json.type"]);
    expect((await send("POST", "/lines/a/3", { json: { mainLine: 5 } })).status).toBe(400);
  });

  it("allows no query parameters", async () => {
    const answer = await echo(post)("POST", "/orders?note=x", { json: {} });
    expect(violations(answer)).toEqual(["query note http.unknown_parameter"]);
    expect((await echo(post, { ignoreUnknownParameters: true })("POST", "/orders?note=x", { json: {} })).body).toEqual(
      {},
    );
  });

  it("is addressed by JSON Pointers", async () => {
    const answer = await echo(post)("POST", "/orders", { json: { lines: [{}, { unitPrice: "x" }], "a/b~c": 1 } });
    expect(violations(answer)).toEqual(["body /lines/1/unitPrice json.type", "body /a~1b~0c json.unknown_field"]);
  });

  it("keeps every digit of an integer that is written as a number", async () => {
    const body = '{"total":9007199254740993,"lines":[{"unitPrice":-9223372036854775807}]}';
    const headers = { "content-type": "application/json" };
    expect((await echo(post)("POST", "/orders", { body, headers })).body).toEqual({
      total: "9007199254740993",
      lines: [{ unitPrice: "-9223372036854775807" }],
    });
    const wrong = await echo(post)("POST", "/orders", { body: '{"total":9007199254740992.5}', headers });
    expect(violations(wrong)).toEqual(["body /total json.type"]);
  });

  it.each([
    ["malformed JSON", '{"orderId": secret', 400],
    ["half a string", '{"orderId', 400],
    ["no object", '"secret"', 400],
    ["a key twice", '{"orderId":"1","orderId":"secret"}', 400],
    ["a key twice, once escaped", '{"orderId":"1","\\u006frderId":"secret"}', 400],
    ["a key twice, deep down", '{"lines":[{"sku":"}{:","sku":"secret"}]}', 400],
    ["nesting", `${'{"parent":'.repeat(101)}{}${"}".repeat(101)}`, 400],
    ["a prototype key", '{"__proto__":{"orderId":"secret"}}', 400],
  ])("is refused for %s, and not repeated", async (_, body, status) => {
    const answer = await echo(post)("POST", "/orders", { body, headers: { "content-type": "application/json" } });
    expect(answer.status).toBe(status);
    expect(answer.headers.get("content-type")).toBe("application/problem+json");
    expect(answer.body).toMatchObject({
      type: "about:blank",
      title: "Bad Request",
      code: "invalid_argument",
      instance: "/orders",
    });
    expect(answer.text).not.toMatch(/secret|position/);
    expect(({} as { orderId?: string }).orderId).toBeUndefined();
  });

  it("accepts colons, quotes and braces within strings", async () => {
    const json = { orderId: '":{[\\"', labels: undefined, mainLine: { labels: { 'a"b:': "\\" } } };
    expect((await echo(post)("POST", "/orders", { json })).body).toEqual(JSON.parse(JSON.stringify(json)));
  });

  it("is limited in size", async () => {
    const send = echo(post, { maxBodySize: 100 });
    expect((await send("POST", "/orders", { json: { orderId: "x".repeat(50) } })).status).toBe(200);
    expect((await send("POST", "/orders", { json: { orderId: "x".repeat(100) } })).status).toBe(413);
  });

  it.each([
    ["text/plain", 415],
    ["application/x-www-form-urlencoded", 415],
    ["application/json; charset=latin1", 415],
    ["application/json; charset=UTF-8", 200],
    ["application/merge-patch+json", 200],
  ])("of the type %s gets %i", async (type, status) => {
    const answer = await echo(post)("POST", "/orders", { body: "{}", headers: { "content-type": type } });
    expect(answer.status).toBe(status);
  });

  it("must be UTF-8", async () => {
    const body = new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]);
    expect(
      (await echo(post)("POST", "/orders", { body, headers: { "content-type": "application/json" } })).status,
    ).toBe(400);
  });
});

describe("a body that is one field", () => {
  const send = echo({ method: "PUT", segments: ["orders", id], body: "main_line" });

  it("leaves the rest to the query", async () => {
    expect((await send("PUT", "/orders/1?pageSize=5", { json: { sku: "a" } })).body).toEqual({
      orderId: "1",
      mainLine: { sku: "a" },
      pageSize: 5,
    });
  });

  it("is addressed from its own root", async () => {
    expect(violations(await send("PUT", "/orders/1?page_size=x", { json: { sku: 1 } }))).toEqual([
      "body /sku json.type",
      "query pageSize json.type",
    ]);
    expect(violations(await send("PUT", "/orders/1", { json: 5 }))).toEqual(["body  json.type"]);
    const named = echo({ method: "PUT", segments: ["lines", variable("main_line.sku", "*")], body: "main_line" });
    expect(violations(await named("PUT", "/lines/a", { json: { sku: "b" } }))).toEqual([
      "body /sku http.path_conflict",
    ]);
  });
});

describe("query parameters", () => {
  const send = echo(get);
  it.each<[string, unknown]>([
    ["note=a%20b+c&gift=true", { note: "a b c", gift: true }],
    ["page_size=5&pageSize=", 400],
    ["page_size=5&pageSize=5", 400],
    ["color=COLOR_RED&colors=1&colors=COLOR_BLUE", { color: "COLOR_RED", colors: ["COLOR_RED", "COLOR_BLUE"] }],
    ["tags=a&tags=b&tags=", { tags: ["a", "b", ""] }],
    [
      "main_line.sku=x&mainLine.unit_price=-9223372036854775808",
      { mainLine: { sku: "x", unitPrice: "-9223372036854775808" } },
    ],
    ["total=9223372036854775808", 400],
    ["blob=-_8%3D", { blob: "+/8=" }],
    ["blob=+/8=", { blob: "+/8=" }],
    [
      "placed_at=2024-01-01T00:00:00Z&wait=1.5s&mask=orderId,color",
      { placedAt: "2024-01-01T00:00:00Z", wait: "1.500s", mask: "orderId,color" },
    ],
    ["placed_at=2024-01-01T01:00:00+01:00", { placedAt: "2024-01-01T00:00:00Z" }],
    ["limit=5&weight=1e3", { limit: 5, weight: 1000 }],
    ["weight=NaN", { weight: "NaN" }],
    ["gift=yes", 400],
    ["color=COLOR_GREEN", 400],
    ["card=1&iban=2", 400],
    ["main_line=x", 400],
    ["lines.sku=x", 400],
    ["counts.a=1", 400],
    ["counts=1", 400],
    ["counts[a]=1&counts[b.c]=-2&counts[]=3&counts%5Bd%5B%5D%5D=4", { counts: { a: 1, "b.c": -2, "": 3, "d[]": 4 } }],
    [
      "main_line.labels[k]=a%20b&mainLine.labels[l]=&main_line.sku=s",
      { mainLine: { sku: "s", labels: { k: "a b", l: "" } } },
    ],
    ["counts[a]=1&counts[a]=2", 400],
    ["counts[a]=x", 400],
    ["counts[a=1", 400],
    ["by_flag[true]=x", 400],
    ["tags[0]=x", 400],
    ["note[a]=x", 400],
    ["[a]=x", 400],
    ["counts[__proto__]=5&note=n", JSON.parse('{"counts":{"__proto__":5},"note":"n"}')],
    ["order_id=other", 400],
    ["nope=1", 400],
    ["__proto__.x=1&constructor=2", 400],
    ["note=%ff", 400],
    ["parent.parent.note=deep", { parent: { parent: { note: "deep" } } }],
    ["&&", {}],
  ])("%s", async (query, expected) => {
    const answer = await send("GET", `/orders/1?${query}`);
    if (typeof expected === "number") {
      expect(answer.status).toBe(expected);
      expect(answer.body.violations[0].in).toBe("query");
    } else {
      expect(answer.body).toEqual({ orderId: "1", ...(expected as object) });
    }
  });
});

describe("a violation of a query parameter", () => {
  it.each([
    ["counts[a]=x", "query counts[a] json.type"],
    ["tags=1&colors=COLOR_RED&colors=nope", "query colors json.type"],
    ["main_line.quantity=-1", "query mainLine.quantity json.type"],
  ])("of %s is %s", async (query, expected) => {
    expect(violations(await echo(get)("GET", `/orders/1?${query}`))).toEqual([expected]);
  });
});

describe("paths", () => {
  it("keep encoded slashes in variables of several segments", async () => {
    const send = echo({ method: "GET", segments: ["v1", variable("order_id", "shelves", "*")] });
    expect((await send("GET", "/v1/shelves/a%2Fb%20%C3%A9")).body).toEqual({ orderId: "shelves/a%2Fb é" });
  });

  it("must be UTF-8", async () => {
    const answer = await echo(get)("GET", "/orders/%ff");
    expect(answer.status).toBe(400);
    expect(violations(answer)).toEqual(["path order_id http.encoding"]);
  });

  it("get 404, 405 and OPTIONS", async () => {
    const send = app([{ http: get }, { http: { ...postId, method: "DELETE" } }]).send;
    expect((await send("GET", "/nope")).body).toMatchObject({ status: 404, title: "Not Found", instance: "/nope" });
    const refused = await send("POST", "/orders/1");
    expect([refused.status, refused.headers.get("allow"), refused.body.code]).toEqual([
      405,
      "DELETE, GET, HEAD, OPTIONS",
      "unimplemented",
    ]);
    const options = await send("OPTIONS", "/orders/1");
    expect([options.status, options.headers.get("allow")]).toEqual([204, "DELETE, GET, HEAD, OPTIONS"]);
  });

  it("serve every binding of a method as the contract declares", async () => {
    const other = { method: "LINK", path: "/links", segments: ["links"], body: "*" };
    const any = { method: "*", path: "/any", segments: ["any"] };
    const { send } = app([{ http: get, method: { http: [{ ...get, path: "/orders/{order_id}" }, other, any] } }]);
    expect((await send("GET", "/orders/1")).body).toEqual({ orderId: "1" });
    expect((await send("LINK", "/links", { json: { note: "n" } })).body).toEqual({ note: "n" });
    for (const method of ["PURGE", "OPTIONS", "GET"])
      expect((await send(method, "/any?note=n")).body).toEqual({ note: "n" });
    expect((await send("GET", "/links")).headers.get("allow")).toBe("LINK, OPTIONS");
  });

  it("serve HEAD as the contract declares, if it does", async () => {
    const head = { method: "HEAD", segments: ["orders", id] };
    const { send } = app([{ http: get }, { http: head, method: { status: 204 } }]);
    expect((await send("HEAD", "/orders/1")).status).toBe(204);
    expect((await send("GET", "/orders/1")).status).toBe(200);
  });

  it("answer HEAD as GET, without the body", async () => {
    const send = echo(get);
    const head = await send("HEAD", "/orders/é");
    expect([head.status, head.text]).toEqual([200, ""]);
    expect(head.headers.get("content-length")).toBe(
      String(new TextEncoder().encode((await send("GET", "/orders/é")).text).length),
    );
  });
});

describe("routes that do not fit", () => {
  it.each<[string, Setup[], RegExp]>([
    [
      "two of one shape",
      [{ http: get }, { http: { method: "GET", segments: ["orders", variable("note", "*")] } }],
      /Method1 .* and .*Method0 .* match the same requests/,
    ],
    [
      "an unknown variable",
      [{ http: { method: "GET", segments: [variable("nope", "*")] } }],
      /\{nope\} must name a field of test\.v1\.Order/,
    ],
    [
      "a variable of a message",
      [{ http: { method: "GET", segments: [variable("main_line", "*")] } }],
      /\{main_line\} must name/,
    ],
    [
      "a body that is no field",
      [{ http: { method: "PUT", segments: ["x"], body: "nope" } }],
      /body "nope" is not a field/,
    ],
    [
      "a response body that is no field",
      [{ http: { method: "GET", segments: ["x"], responseBody: "nope" } }],
      /response_body "nope"/,
    ],
  ])("are an error when the app starts: %s", (_, setups, message) => {
    expect(() => app(setups)).toThrow(message);
  });
});

describe("calls", () => {
  const spy = () => {
    const invoke = vi.fn(
      async (_request: unknown, _options: CallOptions): Promise<CallResult> => ({
        response: order.create(),
        version: 4,
      }),
    );
    return { invoke, options: () => invoke.mock.calls[0]?.[1] ?? {} };
  };

  it("take command id, version and correlation id from headers", async () => {
    const { invoke, options } = spy();
    const answer = await app([{ http: post, invoke }]).send("POST", "/orders", {
      json: {},
      headers: { "idempotency-key": '"key-1"', "if-match": '"3"', "x-correlation-id": "abc" },
    });
    expect(options()).toMatchObject({ commandId: "key-1", expectedVersion: 3, correlationId: "abc" });
    expect(answer.headers.get("etag")).toBe('"4"');
    expect(answer.headers.get("x-correlation-id")).toBe("abc");
  });

  it("use the trace id if there is no correlation id, and never a value that is invalid in a header", async () => {
    const { invoke } = spy();
    const { send } = app([{ http: post, invoke }]);
    const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    await send("POST", "/orders", { json: {}, headers: { traceparent } });
    const made = await send("POST", "/orders", { json: {}, headers: { "x-correlation-id": "<script>" } });
    expect(invoke.mock.calls[0]?.[1].correlationId).toBe("0af7651916cd43dd8448eb211c80319c");
    expect(invoke.mock.calls[1]?.[1].correlationId).toMatch(/^[0-9a-f-]{36}$/);
    expect(made.headers.get("x-correlation-id")).toBe(invoke.mock.calls[1]?.[1].correlationId);
  });

  it.each([
    ["idempotency-key", "a b"],
    ["idempotency-key", "x".repeat(256)],
    ["if-match", "3"],
    ["if-match", '"1" "2"'],
    ["if-none-match", '"3"'],
    ["request-timeout", "soon"],
    ["request-timeout", "0"],
  ])("refuse %s: %s", async (header, value) => {
    expect((await echo(post)("POST", "/orders", { json: {}, headers: { [header]: value } })).status).toBe(400);
  });

  it("report a failed If-Match as 412", async () => {
    const invoke = () => Promise.reject(new PotterError("aborted", "at version 4"));
    const { send } = app([{ http: post, invoke }]);
    expect((await send("POST", "/orders", { json: {}, headers: { "if-match": '"3"' } })).status).toBe(412);
    expect((await send("POST", "/orders", { json: {} })).status).toBe(409);
  });

  it("report a declared error", async () => {
    const detail = { typeName: "test.v1.OutOfStock", json: { sku: "a" } };
    const invoke = () => Promise.reject(new PotterError("failed_precondition", "out of stock", { detail }));
    const { body } = await app([{ http: post, invoke }]).send("POST", "/orders", {
      json: {},
      headers: { "x-correlation-id": "c" },
    });
    expect(body).toEqual({
      type: "urn:proto:test.v1.OutOfStock",
      title: "out of stock",
      status: 409,
      instance: "/orders",
      code: "failed_precondition",
      correlationId: "c",
      error: { "@type": "test.v1.OutOfStock", sku: "a" },
    });
  });

  it("log unexpected errors of handlers, and hide them from clients", async () => {
    const thrown = new Error("password is hunter2");
    const { send, error } = app([{ http: post, invoke: () => Promise.reject(thrown) }]);
    const answer = await send("POST", "/orders", { json: {}, headers: { "x-correlation-id": "c" } });
    expect(answer.status).toBe(500);
    expect(answer.text).not.toMatch(/hunter2|at /);
    expect(answer.body.correlationId).toBe("c");
    expect(error).toHaveBeenCalledWith("request failed", {
      method: "test.v1.Orders.Method0",
      correlationId: "c",
      error: thrown,
    });
  });

  it("log a response that cannot be written", async () => {
    const { send, error } = app([{ http: post, invoke: async () => ({ response: { $typeName: "test.v1.Order" } }) }]);
    expect((await send("POST", "/orders", { json: {} })).status).toBe(500);
    expect(error).toHaveBeenCalledOnce();
  });
});

describe("responses", () => {
  it("declare how long they may be cached", async () => {
    const { send } = app([{ http: get }, { http: { ...get, segments: ["kept", id] }, method: { cacheTtl: 2_500 } }]);
    expect((await send("GET", "/orders/1")).headers.get("cache-control")).toBe("no-store");
    expect((await send("GET", "/kept/1")).headers.get("cache-control")).toBe("private, max-age=2");
  });

  it.each([
    ["application/json", 200],
    ["text/html, application/*;q=0.5", 200],
    ["text/html, */*;q=0.1", 200],
    ["text/html", 406],
    ["application/json;q=0, application/*;q=0", 406],
  ])("to accept: %s are %i", async (accept, status) => {
    expect((await echo(get)("GET", "/orders/1", { headers: { accept } })).status).toBe(status);
  });

  it.each<[string, string, unknown]>([
    ["lines", "lines=0", []],
    ["main_line", "", null],
    ["total", "", "0"],
    ["color", "", "COLOR_UNSPECIFIED"],
    ["tags", "tags=a", ["a"]],
    ["order_id", "", "1"],
  ])("may be one field: %s", async (responseBody, query, expected) => {
    const send = echo({ ...get, responseBody }, { ignoreUnknownParameters: true });
    expect((await send("GET", `/orders/1?${query}`)).body).toEqual(expected);
  });
});
