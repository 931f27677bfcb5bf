import { describe, expect, it } from "vitest";
import { createClient, PotterClientError, route } from "../index.js";
import { getOrder, listOrders, placeOrder, watchOrder } from "../shop.fixture.js";
import { mockTransport } from "./index.js";

describe("mockTransport", () => {
  it("rejects with the code of a declared error", async () => {
    const code = async (transport: ReturnType<typeof mockTransport>) =>
      (await placeOrder(createClient({ transport }), {}).safe()).error;
    const detail = { orderId: "1" };
    const transport = () => mockTransport().on(placeOrder);
    expect(await code(transport().reject("orderAlreadyPlaced", detail, "already_exists"))).toMatchObject({
      name: "orderAlreadyPlaced",
      code: "already_exists",
      detail,
    });
    expect(await code(transport().reject("orderAlreadyPlaced", detail))).toMatchObject({ code: "failed_precondition" });
  });

  it.each([
    ["signal", () => ({ signal: AbortSignal.timeout(20) }), "cancelled"],
    ["timeout", () => ({ timeout: 20 }), "deadline_exceeded"],
  ])("ends a silent stream by its %s", async (_, options, code) => {
    const transport = mockTransport()
      .on(watchOrder)
      .answer(async function* () {
        yield { status: "ORDER_STATUS_PLACED" as const };
        await new Promise(() => {});
      });
    const outcomes = [];
    for await (const { value, error } of watchOrder(createClient({ transport }), {}, options()).safe())
      outcomes.push(value?.status ?? error?.code);
    expect(outcomes).toEqual(["ORDER_STATUS_PLACED", code]);
  });

  it("answers calls by functions, and records them", async () => {
    const transport = mockTransport()
      .on(getOrder)
      .answer(({ orderId = "" }) => ({ orderId, status: "ORDER_STATUS_PLACED" }))
      .on(listOrders)
      .answer(async ({ pageToken }) => ({
        orders: [{ orderId: pageToken ?? "1" }],
        ...(!pageToken && { nextPageToken: "2" }),
      }))
      .on(watchOrder)
      .answer(function* () {
        yield { status: "ORDER_STATUS_PLACED" };
        yield { status: "ORDER_STATUS_SHIPPED" };
      });
    const client = createClient({ transport });
    expect(await getOrder(client, { orderId: "7" })).toEqual({ orderId: "7", status: "ORDER_STATUS_PLACED" });
    const ids: (string | undefined)[] = [];
    for await (const { orderId } of listOrders(client, {})) ids.push(orderId);
    const states: (string | undefined)[] = [];
    for await (const { status } of watchOrder(client, {})) states.push(status);
    expect([ids, states]).toEqual([
      ["1", "2"],
      ["ORDER_STATUS_PLACED", "ORDER_STATUS_SHIPPED"],
    ]);
    expect(transport.calls.map(({ method }) => method.name)).toEqual([
      "GetOrder",
      "ListOrders",
      "ListOrders",
      "WatchOrder",
    ]);
  });

  it("lets calls fail, by errors that the method declares and by others", async () => {
    const transport = mockTransport()
      .on(placeOrder)
      .reject("orderAlreadyPlaced", { orderId: "1" })
      .on(getOrder)
      .answer(() => {
        throw new PotterClientError("not_found", "no order");
      });
    const client = createClient({ transport });
    expect(await placeOrder(client, {}).safe()).toMatchObject({
      error: { name: "orderAlreadyPlaced", detail: { orderId: "1" } },
    });
    expect(await getOrder(client, {}).safe()).toMatchObject({ error: { name: "not_found" } });
    expect(await listOrders(client, {}).safe()).toMatchObject({
      error: { code: "unimplemented", message: "the mock has no handler of shop.orders.v1.OrderService/ListOrders" },
    });
  });
});

describe("route", () => {
  it("chooses a transport for each call, and closes those that it has used", async () => {
    const closed: string[] = [];
    const named = (name: string) => {
      const transport = mockTransport()
        .on(getOrder)
        .answer(() => ({ orderId: name }))
        .on(watchOrder)
        .answer(() => [{ orderId: name }]);
      return Object.assign(transport, { close: () => void closed.push(name) });
    };
    const [unary, streams, unused] = [named("unary"), named("streams"), named("unused")];
    const transport = route(({ method }) =>
      method.stream === "server" ? streams : method.name === "X" ? unused : unary,
    );
    const client = createClient({ transport });
    expect(await getOrder(client, {})).toEqual({ orderId: "unary" });
    for await (const { orderId } of watchOrder(client, {})) expect(orderId).toBe("streams");
    await client.close();
    expect(closed.sort()).toEqual(["streams", "unary"]);
  });
});
