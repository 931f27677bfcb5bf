import { expect, it, vi } from "vitest";
import { query } from "../codegen/index.js";
import { type Codec, createClient } from "../index.js";
import { mockTransport } from "../mock/index.js";
import { getOrder, listOrders, placeOrder, watchOrder } from "../shop.fixture.js";
import { infiniteQueryOptions, liveQueryOptions, mutationOptions, queryKey, queryOptions } from "./index.js";

const signal = new AbortController().signal;
const transport = mockTransport()
  .on(getOrder)
  .answer(({ orderId = "" }) => ({ orderId }))
  .on(placeOrder)
  .answer(() => ({ orderId: "new" }))
  .on(listOrders)
  .answer(({ pageToken = "" }) => ({ orders: [], nextPageToken: pageToken === "" ? "t2" : "" }))
  .on(watchOrder)
  .answer(() => [{ total: "1" }, { total: "2" }]);
const client = createClient({ transport });

it("the options of a query have its key, its function with the signal, and no retries", async () => {
  const { queryKey: key, queryFn, retry } = queryOptions(client, getOrder, { orderId: "1" });
  expect(key).toEqual(["shop.orders.v1.OrderService", "GetOrder", { orderId: "1" }]);
  expect(await queryFn({ signal })).toEqual({ orderId: "1" });
  expect(transport.calls.at(-1)?.signal).toBeDefined();
  expect(retry(0, undefined as never)).toBe(false);
});

it("keys are of a request, or of all requests of a method, and always JSON", () => {
  expect(queryKey(getOrder)).toEqual(["shop.orders.v1.OrderService", "GetOrder"]);
  const codec = { toJson: ({ total }: { total: bigint }) => ({ total: String(total) }) } as unknown as Codec<{
    total: bigint;
  }>;
  const big = query<{ total: bigint }, object>({ service: "s", name: "N", request: codec, response: codec });
  expect(JSON.stringify(queryKey(big, { total: 5n }))).toBe('["s","N",{"total":"5"}]');
});

it("the options of a list lead from page to page", async () => {
  const options = infiniteQueryOptions(client, listOrders, { pageSize: 3 });
  expect(options.queryKey).toEqual(["shop.orders.v1.OrderService", "ListOrders", { pageSize: 3 }, "pages"]);
  const first = await options.queryFn({ pageParam: options.initialPageParam, signal });
  expect(options.getNextPageParam(first)).toBe("t2");
  const second = await options.queryFn({ pageParam: "t2", signal });
  expect(options.getNextPageParam(second)).toBeUndefined();
  expect(transport.calls.at(-1)?.request).toEqual({ pageSize: 3, pageToken: "t2" });
});

it("the options of a mutation send the command", async () => {
  const { mutationFn, mutationKey } = mutationOptions(client, placeOrder);
  expect(mutationKey).toEqual(["shop.orders.v1.OrderService", "PlaceOrder"]);
  expect(await mutationFn({})).toEqual({ orderId: "new" });
});

it("the options of a stream put each message into the cache, or what is made of all", async () => {
  const cache = { getQueryData: vi.fn(), setQueryData: vi.fn() };
  const last = liveQueryOptions(client, watchOrder, { orderId: "1" });
  expect(await last.queryFn({ signal, client: cache })).toEqual({ total: "2" });
  expect(cache.setQueryData.mock.calls).toEqual([
    [last.queryKey, { total: "1" }],
    [last.queryKey, { total: "2" }],
  ]);
  const all = liveQueryOptions(client, watchOrder, {}, (totals: string[] = [], { total = "" }) => [...totals, total]);
  expect(await all.queryFn({ signal, client: cache })).toEqual(["1", "2"]);
  const states: string[] = [];
  const onState = (state: string) => states.push(state);
  const limited = liveQueryOptions(client, watchOrder, {}, undefined, { idleTimeout: 60_000, onState });
  expect(await limited.queryFn({ signal, client: cache })).toEqual({ total: "2" });
  expect(transport.calls.at(-1)?.idleTimeout).toBe(60_000);
  expect(states).toEqual(["connecting", "open", "ended"]);
});
