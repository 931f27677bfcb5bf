import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type CallOptions, withStreamItemId } from "../../cqrs/index.js";
import { PotterError } from "../../errors/index.js";
import type { HttpResponse } from "../../http/index.js";
import { handshakeOf, idOf, orderOf, serveMethods } from "./web-socket.fixture.js";

const query = { kind: "query" } as const;
const stream = { kind: "query", stream: "server" } as const;
const orders = (...ids: string[]) => ids.map(orderOf);
async function* itemsOf(...ids: string[]): AsyncGenerator<object> {
  yield* orders(...ids);
}

describe("a call", () => {
  it("is answered with the response and what is known of it", async () => {
    const client = serveMethods({
      Place: {
        invoke: async (request, call) => {
          call.responseHeaders?.append("potter-position", "p");
          return { response: request, version: 3, position: 17, id: "a" };
        },
      },
    }).connect();
    expect(await client.call(1, "test.v1.Orders/Place", [{ orderId: "a" }])).toEqual({
      jsonrpc: "2.0",
      id: 1,
      result: { response: { orderId: "a" }, version: 3, headers: { "potter-position": "p" } },
    });
  });

  it.each([undefined, [], [{}], [{}, null]])("has an empty message where params are %j", async (params) => {
    const client = serveMethods({ Get: {} }).connect();
    expect(await client.call("x", "test.v1.Orders/Get", params)).toMatchObject({ result: { response: {} } });
  });

  it("has the metadata of its client", async () => {
    const calls: CallOptions[] = [];
    const client = serveMethods({
      Place: {
        invoke: async (request, call) => {
          calls.push(call);
          call.responseHeaders?.append("x-a", "1");
          call.responseHeaders?.append("x-a", "2");
          call.responseTrailers?.append("x-b", "3");
          return { response: request };
        },
      },
    }).connect(handshakeOf({ "x-given": "handshake", "x-kept": "kept" }));
    const meta = {
      commandId: "c1",
      expectedVersion: [1, 2],
      correlationId: "k1",
      headers: { "X-Given": ["a", "b"], "x-own": "c" },
    };
    const { result } = await client.call(1, "test.v1.Orders/Place", [{}, meta]);
    expect(result).toMatchObject({ headers: { "x-a": ["1", "2"] }, trailers: { "x-b": "3" } });
    const [call] = calls;
    expect(call).toMatchObject({ commandId: "c1", expectedVersion: [1, 2], correlationId: "k1" });
    expect(call?.requestHeaders?.getAll("x-given")).toEqual(["a", "b"]);
    expect(call?.requestHeaders?.get("x-own")).toBe("c");
    expect(call?.requestHeaders?.get("x-kept")).toBe("kept");
  });

  it.each([
    [{ commandId: "" }, "commandId must be 1 to 255 visible ASCII characters"],
    [{ expectedVersion: -1 }, 'expectedVersion must be a version, a list of versions, or "any"'],
    [{ expectedVersion: [] }, 'expectedVersion must be a version, a list of versions, or "any"'],
    [{ timeout: 0 }, "timeout must be a number of milliseconds above 0"],
    [{ correlationId: "a b" }, "correlationId must be 1 to 128 characters of A-Z a-z 0-9 _ . : / + = @ -"],
    [{ after: "1" }, "after and credit are for methods whose response is a stream"],
    [{ credit: 1 }, "after and credit are for methods whose response is a stream"],
    [{ headers: { a: 1 } }, "headers must be an object whose values are strings or lists of strings"],
    [{ headers: { a: "b\r\nc: d" } }, "headers must be an object whose values are strings or lists of strings"],
    [{ headers: { "Idempotency-Key": "k" } }, "headers must not have idempotency-key: use commandId instead"],
    [{ headers: { "if-match": '"1"' } }, "headers must not have if-match: use expectedVersion instead"],
    [{ headers: { "if-none-match": "*" } }, "headers must not have if-none-match: use expectedVersion instead"],
    [{ headers: { "last-event-id": ["1"] } }, "headers must not have last-event-id: use after instead"],
    [{ headers: { "x-correlation-id": "c" } }, "headers must not have x-correlation-id: use correlationId instead"],
    [{ headers: { "request-timeout": "1" } }, "headers must not have request-timeout: use timeout instead"],
    [{ headers: { "grpc-timeout": "1S" } }, "headers must not have grpc-timeout: use timeout instead"],
    [{ headers: { "connect-timeout-ms": "1" } }, "headers must not have connect-timeout-ms: use timeout instead"],
    [
      { headers: { authorization: "Bearer t" } },
      "headers must not have authorization: use the params of $/open and $/auth instead",
    ],
    [
      { commandid: "c" },
      "the metadata has an unknown member: known are commandId, expectedVersion, timeout, correlationId, after, credit, headers",
    ],
    ["c1", "the metadata of a call must be an object"],
  ])("with the metadata %j is refused", async (meta, message) => {
    const invoke = vi.fn();
    const client = serveMethods({ Place: { invoke } }).connect();
    const { error } = await client.call(1, "test.v1.Orders/Place", [{}, meta]);
    expect(error).toMatchObject({ code: -32602, message, data: { code: "invalid_argument", status: 400 } });
    expect(invoke).not.toHaveBeenCalled();
    expect(client.closed).toBeUndefined();
  });

  it.each([
    [{ commandId: "c" }, query],
    [{ expectedVersion: 1 }, query],
  ])("of a query with the metadata %j is refused", async (meta, method) => {
    const client = serveMethods({ Get: { method } }).connect();
    expect(await client.call(1, "test.v1.Orders/Get", [{}, meta])).toMatchObject({
      error: { code: -32602, message: "commandId and expectedVersion are for commands" },
    });
  });

  it("with a message that is not of its type is refused with the location of each fault", async () => {
    const client = serveMethods({ Place: {} }).connect();
    expect(await client.call(1, "test.v1.Orders/Place", [{ orderId: 7 }])).toMatchObject({
      error: {
        code: -32003,
        data: { code: "invalid_argument", violations: [{ in: "body", field: "/orderId" }] },
      },
    });
  });

  it("keeps integers that a number would round", async () => {
    const seen: unknown[] = [];
    const client = serveMethods({
      Place: {
        invoke: async (request) => {
          seen.push((request as { total?: unknown }).total);
          return { response: request };
        },
      },
    }).connect();
    client.frame('{"jsonrpc":"2.0","id":1,"method":"test.v1.Orders/Place","params":[{"total":9007199254740993}]}');
    expect(await client.answer(1)).toMatchObject({ result: { response: { total: "9007199254740993" } } });
    expect(seen).toEqual([9007199254740993n]);
  });

  it.each([
    ["cancelled", -32001],
    ["unknown", -32002],
    ["invalid_argument", -32003],
    ["deadline_exceeded", -32004],
    ["not_found", -32005],
    ["already_exists", -32006],
    ["permission_denied", -32007],
    ["resource_exhausted", -32008],
    ["failed_precondition", -32009],
    ["aborted", -32010],
    ["out_of_range", -32011],
    ["unimplemented", -32012],
    ["internal", -32013],
    ["unavailable", -32014],
    ["data_loss", -32015],
    ["unauthenticated", -32016],
  ] as const)("that fails with %s has the code %i", async (code, number) => {
    const invoke = () => Promise.reject(new PotterError(code, "why", { retryAfter: 1500 }));
    const client = serveMethods({ Place: { invoke } }).connect();
    const { error } = await client.call(1, "test.v1.Orders/Place");
    expect(error).toMatchObject({ code: number, data: { code, retryAfter: 1500, correlationId: expect.any(String) } });
  });

  it("that fails unexpectedly reveals nothing, and is logged", async () => {
    const invoke = () => Promise.reject(new Error("the password is swordfish"));
    const served = serveMethods({ Place: { invoke } });
    const { error } = await served.connect().call(1, "test.v1.Orders/Place");
    expect(error).toMatchObject({ code: -32013, message: "the server failed to answer" });
    expect(served.error).toHaveBeenCalledOnce();
  });

  it("that is rejected has its declared error", async () => {
    const detail = { typeName: "test.v1.OutOfStock", json: { sku: "tea" } };
    const invoke = () => Promise.reject(new PotterError("failed_precondition", "out of stock", { detail }));
    const client = serveMethods({ Place: { invoke } }).connect();
    expect(await client.call(1, "test.v1.Orders/Place")).toMatchObject({
      error: {
        code: -32009,
        message: "out of stock",
        data: { type: "urn:proto:test.v1.OutOfStock", error: { "@type": "test.v1.OutOfStock", sku: "tea" } },
      },
    });
  });

  it("of an unknown method is refused", async () => {
    const client = serveMethods({ Place: {} }).connect();
    for (const [id, method] of ["test.v1.Orders/Gone", "$/gone", "__proto__", "test.v1.Orders.Place"].entries()) {
      expect(await client.call(id, method)).toMatchObject({ error: { code: -32601, data: { code: "unimplemented" } } });
    }
  });

  it("ends when its time has passed", async () => {
    let signal: AbortSignal | undefined;
    const invoke = (_: unknown, call: CallOptions) => {
      signal = call.signal;
      return new Promise<never>(() => {});
    };
    const client = serveMethods({ Place: { invoke } }, { maxTimeout: 20 }).connect();
    const { error } = await client.call(1, "test.v1.Orders/Place", [{}, { timeout: 60_000 }]);
    expect(error).toMatchObject({ code: -32004 });
    expect(signal?.aborted).toBe(true);
    expect(await client.call(2, "test.v1.Orders/Place", [{}, { timeout: 5 }])).toMatchObject({
      error: { code: -32004 },
    });
  });

  it("that is cancelled is answered at once, and its handler learns it", async () => {
    let signal: AbortSignal | undefined;
    let end = () => {};
    const invoke = (request: unknown, call: CallOptions) => {
      signal = call.signal;
      return new Promise<{ response: unknown }>((resolve) => {
        end = () => resolve({ response: request });
      });
    };
    const served = serveMethods({ Place: { invoke } }, { calls: 1 });
    const client = served.connect();
    client.request(1, "test.v1.Orders/Place");
    await vi.waitFor(() => expect(signal).toBeDefined());
    client.notify("$/cancel", [1]);
    expect(await client.answer(1)).toMatchObject({ error: { code: -32001 } });
    expect(signal?.aborted).toBe(true);
    // Still running: it counts.
    expect(await client.call(2, "test.v1.Orders/Place")).toMatchObject({ error: { code: -32008 } });
    end();
    await vi.waitFor(() => expect(served.running()).toBe(0));
    client.request(3, "test.v1.Orders/Place");
    await vi.waitFor(() => expect(served.running()).toBe(1));
    end();
    expect(await client.answer(3)).toHaveProperty("result");
    expect(client.sent.filter((one) => (one as { id: unknown }).id === 1)).toHaveLength(1);
  });

  it("runs while others do, and may be answered before them", async () => {
    const pending = new Map<string, () => void>();
    const invoke = (request: unknown) =>
      new Promise<{ response: unknown }>((resolve) => pending.set(idOf(request), () => resolve({ response: request })));
    const client = serveMethods({ Place: { invoke } }, { calls: 2 }).connect();
    for (const id of ["a", "b", "c"]) client.request(id, "test.v1.Orders/Place", [{ orderId: id }]);
    expect(await client.answer("c")).toMatchObject({
      error: {
        code: -32008,
        message: expect.stringContaining("more than 2 calls are running"),
        data: { unprocessed: true },
      },
    });
    pending.get("b")?.();
    await client.answer("b");
    pending.get("a")?.();
    await client.answer("a");
    expect(client.sent.map((one) => (one as { id: unknown }).id)).toEqual(["c", "b", "a"]);
  });

  it("is cancelled when its client disconnects", async () => {
    const signals: (AbortSignal | undefined)[] = [];
    const invoke = (_: unknown, call: CallOptions) => {
      const { signal } = call;
      signals.push(signal);
      return new Promise<never>((_resolve, reject) =>
        signal?.addEventListener("abort", () => reject(signal.reason as Error)),
      );
    };
    const served = serveMethods({ Place: { invoke } });
    const client = served.connect();
    client.request(1, "test.v1.Orders/Place");
    await vi.waitFor(() => expect(served.running()).toBe(1));
    client.listener?.close();
    await vi.waitFor(() => expect(served.running()).toBe(0));
    expect(client.sent).toEqual([]);
    expect(served.error).not.toHaveBeenCalled();
  });
});

describe("a stream of responses", () => {
  it("is items in order, then an empty result", async () => {
    const invoke = async () => ({
      response: withStreamItemId(
        (async function* () {
          for (const one of orders("a", "b")) yield withStreamItemId(one, `p-${idOf(one)}`);
          yield orderOf("c");
        })(),
        "p-0",
      ),
    });
    const client = serveMethods({ Watch: { method: stream, invoke } }).connect();
    await client.call(1, "test.v1.Orders/Watch");
    expect(client.sent).toEqual([
      { jsonrpc: "2.0", method: "$/position", params: [1, "p-0"] },
      { jsonrpc: "2.0", method: "$/item", params: [1, { orderId: "a" }, "p-a"] },
      { jsonrpc: "2.0", method: "$/item", params: [1, { orderId: "b" }, "p-b"] },
      { jsonrpc: "2.0", method: "$/item", params: [1, { orderId: "c" }] },
      { jsonrpc: "2.0", id: 1, result: {} },
    ]);
  });

  it("resumes after a position", async () => {
    const invoke = async (_: unknown, { lastEventId }: CallOptions) => ({ response: itemsOf(lastEventId ?? "") });
    const client = serveMethods({ Watch: { method: stream, invoke } }).connect();
    await client.call(1, "test.v1.Orders/Watch", [{}, { after: "p-7" }]);
    expect(client.notified("$/item")).toEqual([[1, { orderId: "p-7" }]]);
  });

  it("waits for credit", async () => {
    let produced = 0;
    const invoke = async () => ({
      response: (async function* () {
        for (; produced < 10; ) yield orderOf(String(produced++));
      })(),
    });
    const client = serveMethods({ Watch: { method: stream, invoke } }).connect();
    const received = () => client.notified("$/item").length;
    client.request("s", "test.v1.Orders/Watch", [{}, { credit: 2 }]);
    await vi.waitFor(() => expect(received()).toBe(2));
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect([received(), produced]).toEqual([2, 2]);
    client.notify("$/credit", ["s", 3]);
    await vi.waitFor(() => expect(received()).toBe(5));
    client.notify("$/credit", ["s", 2 ** 31 - 1]);
    client.notify("$/credit", ["s", 2 ** 31 - 1]);
    expect(await client.answer("s")).toMatchObject({ result: {} });
    expect(received()).toBe(10);
  });

  it("pauses while its client does not read, and lets other work have its turn", async () => {
    let produced = 0;
    const invoke = async () => ({
      response: (async function* () {
        for (;;) yield orderOf(String(produced++));
      })(),
    });
    const client = serveMethods({ Watch: { method: stream, invoke } }, { bufferSize: 100 }).connect();
    client.request(1, "test.v1.Orders/Watch");
    await vi.waitFor(() => expect(produced).toBeGreaterThan(200));
    client.bufferedAmount = 101;
    await new Promise((resolve) => setTimeout(resolve, 5));
    const before = produced;
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(produced).toBe(before);
    client.bufferedAmount = 0;
    client.listener?.drain();
    await vi.waitFor(() => expect(produced).toBeGreaterThan(before));
    client.notify("$/cancel", [1]);
    expect(await client.answer(1)).toMatchObject({ error: { code: -32001 } });
    const after = produced;
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(produced - after).toBeLessThanOrEqual(1);
    client.listener?.close();
  });

  it.each(["before it begins", "later"])("that fails %s is answered with the error", async (when) => {
    const invoke = async () => {
      if (when !== "later") throw new PotterError("not_found", "none");
      return {
        response: (async function* () {
          yield orderOf("a");
          throw new PotterError("not_found", "none");
        })(),
      };
    };
    const client = serveMethods({ Watch: { method: stream, invoke } }).connect();
    expect(await client.call(1, "test.v1.Orders/Watch")).toMatchObject({ error: { code: -32005, message: "none" } });
    expect(client.notified("$/item")).toHaveLength(when === "later" ? 1 : 0);
  });

  it.each(["$/cancel", "disconnects"])("is released when its client sends or does: %s", async (how) => {
    let released = false;
    let signal: AbortSignal | undefined;
    const invoke = async (_: unknown, call: CallOptions) => {
      signal = call.signal;
      return {
        response: (async function* () {
          try {
            yield orderOf("a");
            await new Promise<void>((resolve) => signal?.addEventListener("abort", () => resolve()));
            yield orderOf("b");
          } finally {
            released = true;
          }
        })(),
      };
    };
    const client = serveMethods({ Watch: { method: stream, invoke } }).connect();
    client.request(1, "test.v1.Orders/Watch");
    await vi.waitFor(() => expect(client.notified("$/item")).toHaveLength(1));
    if (how === "$/cancel") client.notify("$/cancel", [1]);
    else client.listener?.close();
    await vi.waitFor(() => expect(released).toBe(true));
    expect(signal?.aborted).toBe(true);
    expect(client.notified("$/item")).toHaveLength(1);
  });
});

describe("a stream of requests", () => {
  const collect = { kind: "command", stream: "client" } as const;
  const join = async (request: unknown) => {
    const ids: string[] = [];
    for await (const one of request as AsyncIterable<unknown>) ids.push(idOf(one));
    return { response: orderOf(ids.join("+")) };
  };

  it("reaches the handler in order, with credit as it reads", async () => {
    const client = serveMethods({ Collect: { method: collect, invoke: join } }, { credit: 2 }).connect();
    client.request(7, "test.v1.Orders/Collect", [null]);
    for (const id of ["a", "b", "c", "d"]) {
      client.notify("$/item", [7, { orderId: id }]);
      // Slower than the handler.
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    client.notify("$/end", [7]);
    expect(await client.answer(7)).toMatchObject({ result: { response: { orderId: "a+b+c+d" } } });
    expect(client.notified("$/credit")).toEqual([
      [7, 1],
      [7, 1],
      [7, 1],
      [7, 1],
    ]);
  });

  it("is answered both ways at once if both sides are streams", async () => {
    const invoke = async (request: unknown) => ({
      response: (async function* () {
        for await (const one of request as AsyncIterable<unknown>) yield orderOf(`${idOf(one)}!`);
      })(),
    });
    const client = serveMethods({ Chat: { method: { stream: "bidi" }, invoke } }).connect();
    client.request(1, "test.v1.Orders/Chat");
    for (const id of ["a", "b"]) {
      client.notify("$/item", [1, { orderId: id }]);
      await vi.waitFor(() => expect(client.notified("$/item")).toContainEqual([1, { orderId: `${id}!` }]));
    }
    client.notify("$/end", [1]);
    expect(await client.answer(1)).toMatchObject({ result: {} });
  });

  it.each([
    ["a message", [{ orderId: "a" }], -32602, "the request must be null"],
    ["credit for a response that is none", [null, { credit: 1 }], -32602, "after and credit are for methods"],
  ])("cannot begin with %s", async (_, params, code, message) => {
    const client = serveMethods({ Collect: { method: collect, invoke: join } }).connect();
    expect(await client.call(1, "test.v1.Orders/Collect", params)).toMatchObject({
      error: { code, message: expect.stringContaining(message) },
    });
  });

  it("fails alone if an item is malformed, exceeds the credit or follows the end", async () => {
    const failures: unknown[] = [];
    const invoke = async (request: unknown) => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      return join(request).catch((error: unknown) => {
        failures.push(error);
        throw error;
      });
    };
    const client = serveMethods({ Collect: { method: collect, invoke } }, { credit: 2 }).connect();
    for (const id of [1, 2, 3]) client.request(id, "test.v1.Orders/Collect", [null]);
    const item = (id: number, orderId: unknown = "x") => client.notify("$/item", [id, { orderId }]);
    item(1, 7);
    item(2);
    item(2);
    item(2);
    item(3);
    client.notify("$/end", [3]);
    item(3);
    expect(await client.answer(1)).toMatchObject({ error: { code: -32003 } });
    expect(await client.answer(2)).toMatchObject({ error: { code: -32008 } });
    expect(await client.answer(3)).toMatchObject({ error: { code: -32003 } });
    // Of calls that have ended.
    item(1);
    client.notify("$/end", [2]);
    client.notify("$/credit", [3, 1]);
    client.notify("$/cancel", [3]);
    expect(await client.call(4, "$/ping")).toMatchObject({ result: {} });
    await vi.waitFor(() => expect(failures).toHaveLength(3));
  });

  it("that breaks off does not look complete", async () => {
    const ends: unknown[] = [];
    const invoke = (request: unknown) =>
      join(request).then(
        (result) => {
          ends.push("complete");
          return result;
        },
        (error: unknown) => {
          ends.push((error as PotterError).code);
          throw error;
        },
      );
    const served = serveMethods({ Collect: { method: collect, invoke } });
    const client = served.connect();
    client.request(1, "test.v1.Orders/Collect");
    client.notify("$/item", [1, { orderId: "a" }]);
    await vi.waitFor(() => expect(served.running()).toBe(1));
    client.listener?.close();
    await vi.waitFor(() => expect(ends).toEqual(["cancelled"]));
  });

  it("is discarded by a handler that does not read it", async () => {
    const invoke = async () => ({ response: orderOf("done") });
    const client = serveMethods({ Collect: { method: collect, invoke } }).connect();
    client.request(1, "test.v1.Orders/Collect");
    client.notify("$/item", [1, { orderId: "a" }]);
    expect(await client.answer(1)).toMatchObject({ result: { response: { orderId: "done" } } });
    client.notify("$/item", [1, { orderId: "b" }]);
    expect(await client.call(2, "$/ping")).toMatchObject({ result: {} });
  });
});

describe("a frame", () => {
  it.each([
    ["{", -32700, "a frame is not valid JSON: syntax error at line 1, column 2"],
    ["", -32600, "a frame must be a JSON object"],
    ['{"jsonrpc":"2.0","jsonrpc":"2.0"}', -32700, "an object of a frame has a duplicate key"],
    [`${"[".repeat(101)}${"]".repeat(101)}`, -32700, "a frame is nested more than 100 levels deep"],
    ["[]", -32600, "batches are not supported: send each request in a frame of its own"],
    ["7", -32600, "a frame must be a JSON object"],
    ["{}", -32600, 'a frame must have "jsonrpc": "2.0"'],
    ['{"jsonrpc":"1.0","id":1,"method":"$/ping"}', -32600, 'a frame must have "jsonrpc": "2.0"'],
    ['{"jsonrpc":"2.0","id":1}', -32600, "a frame must have a method, a result or an error"],
    ['{"jsonrpc":"2.0","id":1,"method":7}', -32600, "method must be a string"],
    [
      '{"jsonrpc":"2.0","id":null,"method":"$/ping"}',
      -32600,
      "id must be an integer, or a string of 1 to 128 characters",
    ],
    [
      '{"jsonrpc":"2.0","id":1.5,"method":"$/ping"}',
      -32600,
      "id must be an integer, or a string of 1 to 128 characters",
    ],
    [
      '{"jsonrpc":"2.0","id":"","method":"$/ping"}',
      -32600,
      "id must be an integer, or a string of 1 to 128 characters",
    ],
    [
      `{"jsonrpc":"2.0","id":${"9".repeat(5000)},"method":"$/ping"}`,
      -32600,
      "id must be an integer, or a string of 1 to 128 characters",
    ],
    [
      `{"jsonrpc":"2.0","id":"${"9".repeat(129)}","method":"$/ping"}`,
      -32600,
      "id must be an integer, or a string of 1 to 128 characters",
    ],
    ['{"jsonrpc":"2.0","method":"test.v1.Orders/Place"}', -32600, "a call must have an id"],
    ['{"jsonrpc":"2.0","method":"$/cancel","params":{}}', -32600, "params must be a list"],
    ['{"jsonrpc":"2.0","method":"$/cancel"}', -32600, "the params of $/cancel must be the id of a call"],
    [
      '{"jsonrpc":"2.0","method":"$/item","params":[1]}',
      -32600,
      "the params of $/item must be the id of a call and a value",
    ],
    ['{"jsonrpc":"2.0","method":"$/end","params":[null]}', -32600, "the params of $/end must be the id of a call"],
    [
      '{"jsonrpc":"2.0","method":"$/credit","params":[1,0]}',
      -32600,
      "$/credit must grant a whole number above 0 and below 2147483648",
    ],
    [
      '{"jsonrpc":"2.0","method":"$/credit","params":[1,1e99]}',
      -32600,
      "$/credit must grant a whole number above 0 and below 2147483648",
    ],
  ])("%s is reported, and closes the connection", async (text, code, message) => {
    const served = serveMethods({ Place: {} });
    const client = served.connect();
    client.frame(text);
    await vi.waitFor(() => expect(client.closed).toEqual({ code: 4400, reason: message }));
    expect(client.sent).toEqual([{ jsonrpc: "2.0", id: null, error: { code, message } }]);
    expect(served.stops.size).toBe(0);
  });

  it("with params by name is refused", async () => {
    const client = serveMethods({ Place: {} }).connect();
    expect(await client.call(1, "test.v1.Orders/Place", { orderId: "a" })).toMatchObject({
      error: { code: -32602, message: "params must be a list: the request, then optionally its metadata" },
    });
  });

  it.each([
    ["an unknown notification", { jsonrpc: "2.0", method: "$/later", params: [1] }],
    ["a response", { jsonrpc: "2.0", id: "ping", result: {} }],
    ["an error", { jsonrpc: "2.0", id: 5, error: { code: 1, message: "m" } }],
  ])("that is %s is ignored", async (_, frame) => {
    const client = serveMethods({ Place: {} }).connect();
    client.frame(frame);
    expect(await client.call(1, "$/ping")).toEqual({ jsonrpc: "2.0", id: 1, result: {} });
    expect(client.sent).toHaveLength(1);
  });

  it("with the id of a running call closes the connection", async () => {
    const invoke = () => new Promise<never>(() => {});
    const client = serveMethods({ Place: { invoke } }).connect();
    client.request("a", "test.v1.Orders/Place");
    client.request(1, "test.v1.Orders/Place");
    client.request("1", "test.v1.Orders/Place");
    client.request("a", "$/ping");
    await vi.waitFor(() => expect(client.closed).toEqual({ code: 4409, reason: "Call for a already exists" }));
  });

  it("that is binary or too large closes the connection", () => {
    const served = serveMethods({ Place: {} }, { maxMessageSize: 100 });
    const [binary, large] = [served.connect(), served.connect()];
    binary.listener?.message(new Uint8Array([123]));
    expect(binary.closed).toEqual({ code: 1003, reason: "Messages must be text" });
    large.frame(" ".repeat(101));
    expect(large.closed).toEqual({ code: 1009, reason: "Message too big" });
  });
});

describe("a handshake", () => {
  const statusOf = (headers: Record<string, string>, options = {}) =>
    (serveMethods({}, options).handle(handshakeOf(headers)) as HttpResponse).status;

  it("needs the subprotocol", () => {
    expect(statusOf({ "sec-websocket-protocol": "chat, potter.v1.json" })).toBe(101);
    expect(statusOf({ "sec-websocket-protocol": "potter.v1.proto" })).toBe(400);
    expect(statusOf({ upgrade: "h2c" })).toBe(426);
  });

  it("is refused for pages of other origins", () => {
    const origin = "https://page.test";
    expect(statusOf({ origin })).toBe(403);
    expect(statusOf({ origin: "https://shop.test" })).toBe(101);
    expect(statusOf({ origin }, { origins: [origin] })).toBe(101);
    expect(statusOf({ origin }, { origins: "*" })).toBe(101);
    expect(statusOf({ origin }, { cors: { origins: [origin] } })).toBe(101);
  });
});

describe("an option", () => {
  it.each([
    [{ path: "ws" }, 'path is "ws": expected one such as "/ws"'],
    [{ credit: 0 }, "credit is 0: expected a whole number above 0"],
    [{ calls: 1.5 }, "calls is 1.5: expected a whole number above 0"],
    [{ heartbeat: 2 ** 31 }, "heartbeat is 2147483648: expected milliseconds, a whole number above 0"],
    [{ maxTimeout: -1 }, "maxTimeout is -1: expected milliseconds, a whole number above 0"],
    [{ origins: ["page.test"] }, 'origins has "page.test": expected an origin such as "https://shop.example.com"'],
  ])("that is invalid is reported: %j", (options, message) => {
    expect(() => serveMethods({}, options)).toThrow(message);
  });
});

describe("a connection", () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "setInterval", "clearTimeout", "clearInterval"] }));
  afterEach(() => void vi.useRealTimers());

  /** Some milliseconds, and the next turn of the event loop. */
  const pass = (milliseconds: number): Promise<void> => {
    vi.advanceTimersByTime(milliseconds);
    return new Promise((resolve) => setImmediate(resolve));
  };

  it("that sends nothing is closed", () => {
    const client = serveMethods({}, { openTimeout: 100 }).connect();
    vi.advanceTimersByTime(101);
    expect(client.closed).toEqual({ code: 4408, reason: "Connection initialisation timeout" });
  });

  it("is kept by pings, and terminated if they stay unanswered", async () => {
    const served = serveMethods({}, { heartbeat: 100 });
    const client = served.connect();
    client.frame({ jsonrpc: "2.0", id: 1, method: "$/ping" });
    await pass(101);
    expect(client.sent).toContainEqual({ jsonrpc: "2.0", id: "ping", method: "$/ping" });
    client.frame({ jsonrpc: "2.0", id: "ping", result: {} });
    await pass(100);
    expect(client.terminated).toBe(false);
    await pass(100);
    expect(client.terminated).toBe(true);
    expect(served.info).toHaveBeenCalledWith("a WebSocket client was disconnected: it does not respond to pings", {
      session: expect.any(String),
    });
    expect(vi.getTimerCount()).toBe(0);
  });

  it("is kept if its answer waited to be read while the process was busy", async () => {
    const client = serveMethods({}, { heartbeat: 100 }).connect();
    await pass(101);
    // Timers run first, then input is read.
    vi.advanceTimersByTime(100);
    client.frame({ jsonrpc: "2.0", id: "ping", result: {} });
    await pass(0);
    expect(client.terminated).toBe(false);
    client.listener?.close();
  });

  it("whose client reads nothing for long is closed", async () => {
    const invoke = async () => ({ response: itemsOf("a", "b") });
    const client = serveMethods({ Watch: { method: stream, invoke } }, { writeTimeout: 1000 }).connect();
    client.bufferedAmount = 2 ** 20;
    client.request(1, "test.v1.Orders/Watch");
    await vi.advanceTimersByTimeAsync(1100);
    expect(client.closed).toEqual({ code: 1013, reason: "The client reads too slowly" });
  });

  it("whose client sends requests and reads no answers is closed", async () => {
    const client = serveMethods({}, { bufferSize: 1000 }).connect();
    await client.listener?.message('{"jsonrpc":"2.0","id":0,"method":"$/ping"}');
    await vi.advanceTimersByTimeAsync(1);
    client.bufferedAmount = 2000;
    for (let id = 1; id < 100; id++) client.request(id, "$/ping");
    expect(client.closed).toEqual({ code: 1013, reason: "The client reads too slowly" });
  });
});

describe("a server that stops", () => {
  it("finishes calls, ends streams, refuses new calls, and closes", async () => {
    let finish = () => {};
    const served = serveMethods({
      Place: {
        invoke: (request) =>
          new Promise((resolve) => {
            finish = () => resolve({ response: request });
          }),
      },
      Watch: {
        method: stream,
        invoke: async (_, { signal }) => ({
          response: (async function* () {
            yield orderOf("a");
            await new Promise<void>((resolve) => signal?.addEventListener("abort", () => resolve()));
          })(),
        }),
      },
    });
    const [client, fresh] = [served.connect(), served.connect()];
    client.request(1, "test.v1.Orders/Place", [{ orderId: "x" }]);
    client.request(2, "test.v1.Orders/Watch");
    await vi.waitFor(() => expect(client.notified("$/item")).toHaveLength(1));
    served.stop();
    expect(client.notified("$/goaway")).toEqual([[{ reason: "stopping", retryAfter: 1000 }]]);
    expect(await client.answer(2)).toMatchObject({ error: { code: -32014, data: { retryAfter: 1000 } } });
    expect(await client.answer(2)).not.toHaveProperty("error.data.unprocessed");
    expect(await client.call(3, "test.v1.Orders/Place")).toMatchObject({
      error: { code: -32014, data: { unprocessed: true } },
    });
    await vi.waitFor(() => expect(fresh.closed).toEqual({ code: 1001, reason: "Going away" }));
    expect(fresh.sent).toEqual([]);
    expect(client.closed).toBeUndefined();
    finish();
    expect(await client.answer(1)).toMatchObject({ result: { response: { orderId: "x" } } });
    await vi.waitFor(() => expect(client.closed).toEqual({ code: 1001, reason: "Going away" }));
    expect([served.running(), served.stops.size]).toEqual([0, 0]);
  });
});
