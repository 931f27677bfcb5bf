import { describe, expect, it, vi } from "vitest";
import type { CallOptions, CallResult } from "../../cqrs/index.js";
import { PotterError } from "../../errors/index.js";
import type { TransportHost } from "../../http/index.js";
import { app, get, order, post } from "./rest.fixture.js";

function command() {
  const invoke = vi.fn(async (_: unknown, __: CallOptions): Promise<CallResult> => ({ response: order.create() }));
  const { send } = app([{ http: post, invoke }]);
  return async (headers: Record<string, string>) => {
    invoke.mockClear();
    const { status } = await send("POST", "/orders", { json: {}, headers });
    return [status, invoke.mock.calls[0]?.[1].expectedVersion];
  };
}

describe("If-Match", () => {
  it.each<[string, unknown]>([
    ['"3"', 3],
    ["*", "any"],
    ['"3", "5"', [3, 5]],
    ['W/"3", "5"', 5],
    ['"3", "a,b", "5"', [3, 5]],
  ])("%s expects %o", async (header, expected) => {
    expect(await command()({ "if-match": header })).toEqual([200, expected]);
  });

  it.each(['W/"3"', '"abc"', '"1234567890123456"', '""', 'W/"3", "a"'])("%s can match nothing: 412", async (header) => {
    expect(await command()({ "if-match": header })).toEqual([412, undefined]);
  });

  it.each(["3", '"3', '"3" "4"', '"3",', ',"3"', "*, *", 'w/"3"'])("%s is malformed: 400", async (header) => {
    expect(await command()({ "if-match": header })).toEqual([400, undefined]);
  });
});

describe("If-None-Match of a command", () => {
  it("expects that the resource does not exist", async () => {
    expect(await command()({ "if-none-match": "*" })).toEqual([200, 0]);
    const { send } = app([{ http: post, invoke: () => Promise.reject(new PotterError("aborted", "at version 1")) }]);
    expect((await send("POST", "/orders", { json: {}, headers: { "if-none-match": "*" } })).status).toBe(412);
  });

  it("accepts only *, and not together with If-Match", async () => {
    expect(await command()({ "if-none-match": '"3"' })).toEqual([400, undefined]);
    expect(await command()({ "if-none-match": "*", "if-match": '"3"' })).toEqual([400, undefined]);
  });
});

describe("a GET", () => {
  const invoke = async () => ({ response: order.create({ orderId: "1" }), version: 3 });
  const versioned = (headers: Record<string, string>, method = "GET") =>
    app([{ http: get, method: { cacheTtl: 5_000 }, invoke }]).send(method, "/orders/1", { headers });

  it.each(['"3"', 'W/"3"', '"1", "3"', "*"])("is 304 for a client that has its version: %s", async (header) => {
    const answer = await versioned({ "if-none-match": header });
    expect([answer.status, answer.text]).toEqual([304, ""]);
    expect(Object.fromEntries(answer.headers)).toEqual({
      etag: '"3"',
      "cache-control": "private, max-age=5",
      vary: "accept, authorization, cookie, potter-after",
      "x-correlation-id": expect.any(String),
    });
    expect((await versioned({ "if-none-match": header }, "HEAD")).status).toBe(304);
  });

  it("that demands a state is answered by no cache, which may be older", async () => {
    expect((await versioned({ "potter-after": "p" })).headers.get("cache-control")).toBe("no-store");
  });

  it("is 200 for a client with another version", async () => {
    const answer = await versioned({ "if-none-match": '"2", "33", 3' });
    expect([answer.status, answer.headers.get("etag"), answer.body]).toEqual([200, '"3"', { orderId: "1" }]);
  });

  it("has no tag without a version, unless the tag is computed from its body", async () => {
    expect((await app([{ http: get }]).send("GET", "/orders/1")).headers.get("etag")).toBeNull();
    const { send } = app([{ http: get }, { http: post }], { etag: "body" });
    const one = await send("GET", "/orders/1");
    const etag = one.headers.get("etag") ?? "";
    expect(etag).toMatch(/^W\/"[0-9a-f]{16}"$/);
    expect((await send("GET", "/orders/2")).headers.get("etag")).not.toBe(etag);
    expect((await send("GET", "/orders/1", { headers: { "if-none-match": etag } })).status).toBe(304);
    expect((await send("GET", "/orders/2", { headers: { "if-none-match": etag } })).status).toBe(200);
    expect((await send("POST", "/orders", { json: {} })).headers.get("etag")).toBeNull();
  });
});

describe("the status of the contract", () => {
  it.each([201, 202] as const)("succeeds with %i", async (status) => {
    const { send } = app([{ http: post, method: { status } }]);
    const answer = await send("POST", "/orders", { json: { orderId: "1" } });
    expect([answer.status, answer.body]).toEqual([status, { orderId: "1" }]);
  });

  it("204 has no body, whatever the binding declares", async () => {
    const invoke = async () => ({ response: order.create({ orderId: "1" }), version: 3 });
    const { send } = app([
      { http: post, method: { status: 204 }, invoke },
      { http: { ...get, responseBody: "order_id" }, method: { status: 204 }, invoke },
    ]);
    const answer = await send("POST", "/orders", { json: {}, headers: { accept: "text/html" } });
    expect([answer.status, answer.text, answer.headers.get("content-type"), answer.headers.get("etag")]).toEqual([
      204,
      "",
      null,
      '"3"',
    ]);
    for (const method of ["GET", "HEAD"]) {
      const empty = await send(method, "/orders/1");
      expect([empty.status, empty.text, empty.headers.get("content-length")]).toEqual([204, "", null]);
    }
  });
});

describe("Request-Timeout", () => {
  /** Responds when its call is aborted, with the reason in the log. */
  const slow = (seen: unknown[]) => (_: unknown, options: CallOptions) =>
    new Promise<CallResult>((_resolve, reject) =>
      options.signal?.addEventListener("abort", () => {
        seen.push(options.signal?.reason);
        reject(new Error("aborted"));
      }),
    );

  it("ends a call, and aborts the signal of its handler", async () => {
    const seen: unknown[] = [];
    const { send } = app([{ http: post, invoke: slow(seen) }]);
    const answer = await send("POST", "/orders", { json: {}, headers: { "request-timeout": "0.02" } });
    expect(answer.body).toMatchObject({
      status: 504,
      code: "deadline_exceeded",
      detail: "Method0 took longer than 20 ms",
    });
    expect(seen).toEqual([expect.objectContaining({ code: "deadline_exceeded" })]);
  });

  it("includes the time that it takes to identify the caller", async () => {
    const identify = () => new Promise<never>(() => {});
    const { send } = app([{ http: post }], {}, { identify });
    const answer = await send("POST", "/orders", { json: {}, headers: { "request-timeout": "0.02" } });
    expect(answer.body).toMatchObject({ status: 504, detail: "Method0 took longer than 20 ms" });
  });

  it("is limited by the app, with or without the header", async () => {
    const { send } = app([{ http: post, invoke: slow([]) }], { maxTimeout: 20 });
    expect((await send("POST", "/orders", { json: {} })).status).toBe(504);
    const long = await send("POST", "/orders", { json: {}, headers: { "request-timeout": "999999999" } });
    expect(long.body.detail).toBe("Method0 took longer than 20 ms");
  });

  it("does not affect calls that end in time", async () => {
    const { send } = app([{ http: post }], { maxTimeout: 10_000 });
    expect((await send("POST", "/orders", { json: {}, headers: { "request-timeout": "5" } })).status).toBe(200);
  });

  it.each(["soon", "0", "-1", "1e3", "0.0001", "9999999999"])("%s is 400", async (header) => {
    const { send } = app([{ http: post }]);
    expect((await send("POST", "/orders", { json: {}, headers: { "request-timeout": header } })).status).toBe(400);
  });

  it("limits the start of a stream; its signal still aborts when the client disconnects", async () => {
    const controller = new AbortController();
    let aborted = false;
    const invoke = async (_: unknown, options: CallOptions) => ({
      response: (async function* () {
        options.signal?.addEventListener("abort", () => {
          aborted = true;
        });
        yield order.create();
        await new Promise(() => {});
      })(),
    });
    const { handle } = app([{ http: get, method: { stream: "server" }, invoke }]);
    const init = { signal: controller.signal, headers: { "request-timeout": "5" } };
    const response = await handle(new Request("http://test/orders/1", init));
    await response.body?.getReader().read();
    controller.abort();
    await vi.waitFor(() => expect(aborted).toBe(true));
  });
});

describe("the caller", () => {
  const identify: TransportHost["identify"] = async (request) => {
    const user = request.header("x-authenticated-user");
    if (user === "mallory") throw new PotterError("unauthenticated", "sign in first");
    return user === undefined ? {} : { user };
  };

  it("is what the app determines from the request", async () => {
    const seen: unknown[] = [];
    const invoke = async (request: unknown, options: CallOptions) => {
      seen.push(options.user);
      return { response: request };
    };
    const { send } = app([{ http: post, invoke }], {}, { identify });
    await send("POST", "/orders", { json: {}, headers: { "x-authenticated-user": "ada" } });
    await send("POST", "/orders", { json: {} });
    expect(seen).toEqual(["ada", undefined]);
    await app([{ http: post, invoke }]).send("POST", "/orders", {
      json: {},
      headers: { "x-authenticated-user": "ada" },
    });
    expect(seen[2]).toBeUndefined();
  });

  it("may be refused", async () => {
    const invoke = async () => Promise.reject(new Error("must not be called"));
    const { send } = app([{ http: post, invoke }], {}, { identify });
    const refused = await send("POST", "/orders", { json: {}, headers: { "x-authenticated-user": "mallory" } });
    expect(refused).toMatchObject({ status: 401, body: { code: "unauthenticated", detail: "sign in first" } });
  });
});
