// Streams of handlers as a bus runs them, which several clients follow.
import { expect, it, vi } from "vitest";
import { type AnyMethod, type CallContext, CreatedItems, createBus, withStreamItemId } from "../../cqrs/index.js";
import { order, serveMethods, type TestClient } from "./web-socket.fixture.js";

/** Follows what a handler returns from so many clients. `created` counts messages. */
async function follow(clients: number, handler: (context: CallContext) => unknown, params: readonly unknown[] = [{}]) {
  const created = vi.fn();
  const response = {
    ...order,
    create: (init?: Record<string, unknown>) => {
      created();
      return order.create(init);
    },
  };
  const method = { service: "test.v1.Orders", name: "Follow", kind: "query", stream: "server", response, errors: {} };
  const bound = { ...method, request: order, http: [] } as unknown as AnyMethod;
  const bus = createBus({
    handlers: new Map([
      [
        bound,
        {
          run: ({ context }: { context: CallContext }) => handler(context),
          toResult: (returned: unknown) => ({ response: new CreatedItems(bound.response, returned) }),
        },
      ],
    ]),
  });
  const server = serveMethods({
    Follow: { method: { ...bound }, invoke: (request, call) => bus.dispatch(bound, request, call) },
  });
  const all = Array.from({ length: clients }, () => server.connect());
  for (const client of all) client.request(1, "test.v1.Orders/Follow", params);
  return { all, created, server };
}

const itemsOf = (client: TestClient | undefined): unknown[] => client?.notified("$/item") ?? [];

/** What is published, for as many followers as ask. */
function createHub() {
  const takers = new Set<(item: object) => void>();
  async function* subscribe({ signal }: CallContext): AsyncGenerator<object> {
    const queue: object[] = [];
    let wake = (): void => {};
    const take = (item: object): void => {
      queue.push(item);
      wake();
    };
    takers.add(take);
    signal?.addEventListener("abort", () => wake());
    try {
      while (signal?.aborted !== true) {
        for (let item = queue.shift(); item !== undefined; item = queue.shift()) yield item;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    } finally {
      takers.delete(take);
    }
  }
  return {
    subscribe,
    takers,
    publish(item: object) {
      for (const take of takers) take(item);
    },
  };
}

it("creates a message for the first two streams, and sends it to all, with its position", async () => {
  const { subscribe, publish, takers } = createHub();
  const { all, created } = await follow(5, subscribe);
  await vi.waitFor(() => expect(takers.size).toBe(5));
  publish(withStreamItemId({ orderId: "a" }, "p1"));
  publish({ orderId: "b" });
  await vi.waitFor(() =>
    expect(all.map(itemsOf)).toEqual(
      all.map(() => [
        [1, { orderId: "a" }, "p1"],
        [1, { orderId: "b" }],
      ]),
    ),
  );
  expect(created).toHaveBeenCalledTimes(4);
});

it("sends an object that the handler changes between items as it is each time", async () => {
  const progress = { orderId: "0" };
  const { all } = await follow(3, async function* () {
    for (let n = 1; n <= 3; n++) {
      progress.orderId = String(n);
      yield progress;
      await new Promise((resolve) => setTimeout(resolve, 5));
      progress.orderId = "between";
    }
  });
  for (const client of all) await client.answer(1);
  const seen = new Set(all.flatMap((client) => itemsOf(client)).map((params) => JSON.stringify(params)));
  expect([...seen].sort()).toEqual(["1", "2", "3"].map((n) => JSON.stringify([1, { orderId: n }])));
});

it("sends no more than the credit, and releases the handler when the client cancels", async () => {
  const { subscribe, publish, takers } = createHub();
  const { all, server } = await follow(2, subscribe, [{}, { credit: 1 }]);
  await vi.waitFor(() => expect(takers.size).toBe(2));
  publish({ orderId: "a" });
  publish({ orderId: "b" });
  await vi.waitFor(() => expect(itemsOf(all[0])).toHaveLength(1));
  all[0]?.notify("$/credit", [1, 1]);
  await vi.waitFor(() => expect(itemsOf(all[0])).toHaveLength(2));
  expect(itemsOf(all[1])).toHaveLength(1);
  for (const client of all) client.notify("$/cancel", [1]);
  await vi.waitFor(() => expect(takers.size).toBe(0));
  expect(server.running()).toBe(0);
});

it("ends a stream with the error of an item from which no message can be created, and releases the handler", async () => {
  let released = 0;
  const { all } = await follow(2, async function* () {
    try {
      yield { orderId: "a" };
      yield new Proxy(
        {},
        {
          get: () => {
            throw new Error("not an order");
          },
        },
      );
    } finally {
      released++;
    }
  });
  for (const client of all) expect((await client.answer(1)).error?.data["code"]).toBe("internal");
  expect(all.map(itemsOf)).toEqual(all.map(() => [[1, { orderId: "a" }]]));
  await vi.waitFor(() => expect(released).toBe(2));
});

it.each([
  ["a list", () => [{ orderId: "a" }]],
  ["a generator that does not wait", () => [{ orderId: "a" }].values()],
  [
    "an iterator without promises",
    () => {
      const left = [{ orderId: "a" }];
      return { [Symbol.asyncIterator]: () => ({ next: () => ({ done: left.length === 0, value: left.pop() }) }) };
    },
  ],
])("accepts %s", async (_, handler) => {
  const { all } = await follow(1, handler);
  expect((await all[0]?.answer(1))?.result).toEqual({});
  expect(itemsOf(all[0])).toEqual([[1, { orderId: "a" }]]);
});

it("answers a handler that returns nothing, or whose iterator throws, with an error", async () => {
  const broken = {
    [Symbol.asyncIterator]: () => ({
      next: () => {
        throw new Error("broken");
      },
    }),
  };
  for (const handler of [() => undefined, () => broken]) {
    const { all } = await follow(1, handler);
    expect((await all[0]?.answer(1))?.error?.data["code"]).toBe("internal");
  }
});
