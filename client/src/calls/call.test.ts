import { describe, expect, it, vi } from "vitest";
import { createClient, type Interceptor, PotterClientError } from "../index.js";
import { answer, fail, hang, type Step, scripted } from "../scripted-transport.fixture.js";
import { getOrder, listOrders, OrderService, placeOrder } from "../shop.fixture.js";

function start(...steps: readonly Step[]) {
  const transport = scripted(...steps);
  return { transport, client: createClient({ transport, retry: { initialDelay: 1, maxDelay: 1 } }) };
}

describe("a call", () => {
  it("is sent once, however often it is awaited", async () => {
    const { client, transport } = start(answer({ orderId: "1" }));
    const call = getOrder(client, { orderId: "1" });
    expect(await Promise.all([call, call, call.safe(), call.result().then(({ response }) => response)])).toEqual([
      { orderId: "1" },
      { orderId: "1" },
      { ok: true, value: { orderId: "1" } },
      { orderId: "1" },
    ]);
    expect(transport.calls.length).toBe(1);
  });

  it("is sent even if nobody awaits it", async () => {
    const { client, transport } = start(answer({}));
    placeOrder(client, {});
    await vi.waitFor(() => expect(transport.calls.length).toBe(1));
  });

  it("is the same as a function and as a method of a service", async () => {
    const { client, transport } = start(answer({ orderId: "1" }), answer({ orderId: "1" }));
    const orders = client.of(OrderService);
    expect(await orders.getOrder({ orderId: "1" })).toEqual(await getOrder(client, { orderId: "1" }));
    const [first, second] = transport.calls.map(({ method, request }) => ({ method, request }));
    expect(first).toEqual(second);
  });

  it("is a promise with catch and finally", async () => {
    const { client } = start(fail("not_found"), fail("not_found"));
    const ended = vi.fn();
    expect(await getOrder(client, {}).catch((error) => error.name)).toBe("not_found");
    await expect(getOrder(client, {}).finally(ended)).rejects.toMatchObject({ code: "not_found" });
    expect(ended).toHaveBeenCalledOnce();
  });

  it("sends its options under the names that every transport has", async () => {
    const { client, transport } = start(answer({}), answer({}), answer({}));
    const common = { correlationId: "c", headers: { "x-a": ["1", "2"] }, after: "t" };
    await placeOrder(client, {}, { ...common, commandId: "k", expectedVersion: [3, 4] });
    await placeOrder(client, {}, { expectedVersion: 0, commandId: "k" });
    await placeOrder(client, {}, { expectedVersion: "any", commandId: "k" });
    expect(transport.calls.map(({ headers }) => headers)).toEqual([
      {
        "x-a": ["1", "2"],
        "x-correlation-id": "c",
        "idempotency-key": "k",
        "if-match": '"3", "4"',
        "potter-after": "t",
      },
      { "idempotency-key": "k", "if-none-match": "*" },
      { "idempotency-key": "k", "if-match": "*" },
    ]);
  });

  it("makes up a command id where the contract records it, and none for a query", async () => {
    const { client, transport } = start(answer({}), answer({}), answer({}));
    await placeOrder(client, {});
    await placeOrder(client, {});
    await getOrder(client, {});
    const ids = transport.calls.map(({ headers }) => headers["idempotency-key"]);
    expect(ids[0]).toMatch(/^[A-Za-z0-9]{12,24}$/);
    expect(ids[1]).not.toBe(ids[0]);
    expect(ids[2]).toBeUndefined();
  });

  it("returns the version of the aggregate, the position and the headers", async () => {
    const { client } = start(
      answer({}, { etag: '"7"', "potter-position": "p", "x-a": "1" }),
      answer({}, { etag: 'W/"x"' }),
    );
    const { headers, ...result } = await placeOrder(client, {}).result();
    expect(result).toEqual({ response: {}, version: 7, position: "p" });
    expect(headers.get("x-a")).toBe("1");
    expect(await placeOrder(client, {}).result()).not.toHaveProperty("version");
  });

  it("ends when its signal is aborted, also if it was before", async () => {
    const { client } = start(hang, hang);
    const controller = new AbortController();
    const call = getOrder(client, {}, { signal: controller.signal });
    call.safe();
    controller.abort("left");
    await expect(call).rejects.toMatchObject({ code: "cancelled", cause: "left" });
    await expect(getOrder(client, {}, { signal: controller.signal })).rejects.toMatchObject({ code: "cancelled" });
  });

  it("wraps what an interceptor throws", async () => {
    const transport = scripted();
    const boom = new TypeError("boom");
    const interceptors: Interceptor[] = [
      async () => {
        throw boom;
      },
    ];
    const { error } = await getOrder(createClient({ transport, interceptors }), {}).safe();
    expect(error).toBeInstanceOf(PotterClientError);
    expect(error).toMatchObject({ code: "unknown", message: "boom", cause: boom });
  });
});

describe("interceptors", () => {
  it("surround the call with all of its attempts, the first one outermost", async () => {
    const log: string[] = [];
    const named =
      (name: string): Interceptor =>
      async (call, next) => {
        log.push(`${name} before`);
        const result = await next({ ...call, headers: { ...call.headers, [`x-${name}`]: "1" } });
        log.push(`${name} after`);
        return result;
      };
    const transport = scripted(fail("unavailable"), answer({ orderId: "1" }));
    const interceptors = [named("a"), named("b")];
    await getOrder(createClient({ transport, interceptors, retry: { initialDelay: 1 } }), {});
    expect(log).toEqual(["a before", "b before", "b after", "a after"]);
    expect(transport.calls.map(({ headers }) => headers)).toEqual(Array(2).fill({ "x-a": "1", "x-b": "1" }));
  });
});

describe("a list", () => {
  const pages = [
    answer({ orders: [{ orderId: "1" }, { orderId: "2" }], nextPageToken: "t2" }),
    answer({ nextPageToken: "t3" }),
    answer({ orders: [{ orderId: "3" }] }),
  ];

  it("is a promise of one page", async () => {
    const { client, transport } = start(...pages);
    expect((await listOrders(client, { pageSize: 2 })).nextPageToken).toBe("t2");
    expect(transport.calls.length).toBe(1);
  });

  it("is an iterable of the items of all pages, which are fetched when they are needed", async () => {
    const { client, transport } = start(...pages);
    const seen: [string | undefined, number][] = [];
    for await (const { orderId } of listOrders(client, { pageSize: 2 })) seen.push([orderId, transport.calls.length]);
    expect(seen).toEqual([
      ["1", 1],
      ["2", 1],
      ["3", 3],
    ]);
    expect(transport.calls.map(({ request }) => request)).toEqual([
      { pageSize: 2 },
      { pageSize: 2, pageToken: "t2" },
      { pageSize: 2, pageToken: "t3" },
    ]);
  });

  it("is an iterable of pages", async () => {
    const { client } = start(...pages);
    const counts: number[] = [];
    for await (const { orders = [] } of client.of(OrderService).listOrders({}).pages()) counts.push(orders.length);
    expect(counts).toEqual([2, 0, 1]);
  });
});
