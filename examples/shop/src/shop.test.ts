import { type App, memory, type Store } from "@potter/runtime";
import { pglite } from "@potter/runtime/pglite";
import { postgres } from "@potter/runtime/postgres";
import { afterEach, describe, expect, it } from "vitest";
import { OrderService } from "../gen/shop/orders/v1/orders_cqrs.js";
import { OrderStatus } from "../gen/shop/orders/v1/orders_pb.js";
import { PaymentService } from "../gen/shop/payments/v1/payments_cqrs.js";
import { createShop } from "./app.js";
import { StreamText } from "./stream-text.fixture.js";

const server = process.env["POTTER_POSTGRES_URL"];

const stores: Readonly<Record<string, () => Store>> = {
  memory,
  pglite: () => pglite(),
  ...(server !== undefined && {
    postgres: () => postgres({ url: server, schema: `shop_${process.pid}_${Math.random().toString(36).slice(2)}` }),
  }),
};

const lines = [{ sku: "teapot", quantity: 2, unitPrice: "1999" }];
const body = { orderId: "1", customerEmail: "ada@example.com", lines };

const isReasonAlone = (json: unknown) => JSON.stringify(json) === '{"reason":"the bank said no"}';

describe.each(Object.entries(stores))("the shop on %s", (_, open) => {
  let app: App;

  async function call(method: string, path: string, json?: unknown, headers: Record<string, string> = {}) {
    const response = await app.fetch(
      new Request(`http://shop${path}`, {
        method,
        headers: { ...(json !== undefined && { "content-type": "application/json" }), ...headers },
        ...(json !== undefined && { body: JSON.stringify(json) }),
      }),
    );
    return {
      status: response.status,
      json: (await response.json()) as Record<string, unknown>,
      headers: response.headers,
    };
  }

  afterEach(() => app.stop());

  it("places an order over HTTP, shows it at once, ships it", async () => {
    app = createShop(open());
    expect((await call("POST", "/v1/orders", body)).json).toEqual({ orderId: "1" });
    expect((await call("GET", "/v1/orders/1")).json).toMatchObject({
      status: "ORDER_STATUS_PLACED",
      total: "3998",
      lines,
    });
    expect((await call("POST", "/v1/orders/1:ship", {})).status).toBe(200);
    expect((await call("GET", "/v1/orders/1")).json).toMatchObject({ status: "ORDER_STATUS_SHIPPED", total: "3998" });
    const refused = await call("POST", "/v1/orders/1:cancel", { reason: "late" });
    expect(refused).toMatchObject({ status: 409, json: { code: "failed_precondition" } });
    expect(refused.headers.get("content-type")).toBe("application/problem+json");
  });

  it("places an order once however often the command is repeated", async () => {
    app = createShop(open());
    const key = { "idempotency-key": "k-1" };
    const { orderId: _, ...anonymous } = body;
    const first = await call("POST", "/v1/orders", anonymous, key);
    const again = await call("POST", "/v1/orders", anonymous, key);
    expect(again.json).toEqual(first.json);
    expect((await call("POST", "/v1/orders", { ...anonymous, customerEmail: "bob@example.com" }, key)).status).toBe(
      409,
    );
    expect((await call("GET", "/v1/orders")).json).toMatchObject({ orders: [first.json] });
  });

  it("refuses an order whose total exceeds int64, and accepts the largest one", async () => {
    app = createShop(open());
    const order = (unitPrice: bigint) => ({
      ...body,
      lines: [{ sku: "tea", quantity: 2, unitPrice: String(unitPrice) }],
    });
    expect(await call("POST", "/v1/orders", order(5262401686519305116n))).toMatchObject({
      status: 400,
      json: { type: "urn:proto:shop.orders.v1.OrderTotalTooLarge", error: { largest: String(2n ** 63n - 1n) } },
    });
    expect((await call("POST", "/v1/orders", order(2n ** 62n))).status).toBe(400);
    expect((await call("POST", "/v1/orders", order(2n ** 62n - 1n))).status).toBe(200);
    expect((await call("GET", "/v1/orders/1")).json["total"]).toBe(String(2n ** 63n - 2n));
  });

  it("pages through orders by state, in the order of their ids", async () => {
    app = createShop(open());
    for (const orderId of ["c", "a", "d", "b", "e"]) await call("POST", "/v1/orders", { ...body, orderId });
    await call("POST", "/v1/orders/b:ship", {});
    const idsOf = ({ json }: { json: Record<string, unknown> }) =>
      (json["orders"] as { orderId: string }[]).map(({ orderId }) => orderId);
    const first = await call("GET", "/v1/orders?status=ORDER_STATUS_PLACED&page_size=3");
    expect(idsOf(first)).toEqual(["a", "c", "d"]);
    const next = await call("GET", `/v1/orders?status=1&pageSize=3&pageToken=${first.json["nextPageToken"]}`);
    expect(idsOf(next)).toEqual(["e"]);
    expect(next.json["nextPageToken"]).toBeUndefined();
    const refused = { status: 400, json: { violations: [{ field: "pageToken", rule: "page" }] } };
    for (const wrong of [`status=1&pageToken=${btoa("a")}`, `status=2&pageToken=${first.json["nextPageToken"]}`]) {
      expect(await call("GET", `/v1/orders?${wrong}`)).toMatchObject(refused);
    }
  });

  it("updates its stock view soon after a change", async () => {
    app = createShop(open());
    await call("POST", "/v1/stock/teapot:replenish", { quantity: 10 });
    await call("POST", "/v1/stock/teapot:reserve", { orderId: "1", quantity: 4 });
    await app.waitForProjections();
    expect((await call("GET", "/v1/stock/teapot")).json).toEqual({ sku: "teapot", available: 6, reserved: 4 });
    expect(await call("POST", "/v1/stock/teapot:reserve", { orderId: "2", quantity: 7 })).toMatchObject({
      status: 409,
      json: { error: { sku: "teapot", available: 6 } },
    });
  });

  it("refuses requests that violate its contract, and reports the fields", async () => {
    app = createShop(open());
    const wrong = await call("POST", "/v1/orders", { customerEmail: "nobody", lines: [{ sku: "", quantity: 0 }] });
    expect(wrong).toMatchObject({ status: 400, json: { code: "invalid_argument" } });
    const fields = (wrong.json["violations"] as { field: string }[]).map(({ field }) => field);
    expect(fields).toEqual(["/customerEmail", "/lines/0/sku", "/lines/0/quantity"]);
    expect(JSON.stringify(wrong.json)).not.toContain("nobody");
    expect(await call("GET", "/v1/orders/none")).toMatchObject({ status: 404, json: { code: "not_found" } });
  });

  it("follows an order", async () => {
    app = createShop(open());
    await call("POST", "/v1/orders", body);
    const gone = new AbortController();
    const response = await app.fetch(new Request("http://shop/v1/orders/1:watch", { signal: gone.signal }));
    expect(response.headers.get("content-type")).toBe("text/event-stream");
    const stream = new StreamText(response);
    await stream.until("ORDER_STATUS_PLACED");
    await call("POST", "/v1/orders/1:ship", {});
    await stream.until("ORDER_STATUS_SHIPPED");
    await stream.cancel();
    gone.abort();
  });

  it("places, shows and follows an order over GraphQL", async () => {
    app = createShop(open());
    const ask = (query: string, variables = {}) => call("POST", "/graphql", { query, variables });
    const gone = new AbortController();
    const response = await app.fetch(
      new Request("http://shop/graphql", {
        method: "POST",
        headers: { "content-type": "application/json", accept: "text/event-stream" },
        body: JSON.stringify({ query: "subscription { orderEvents { orderId event { __typename } } }" }),
        signal: gone.signal,
      }),
    );
    const placing = "mutation ($input: PlaceOrderInput!) { placeOrder(input: $input) { orderId } }";
    expect((await ask(placing, { input: body })).json).toEqual({ data: { placeOrder: { orderId: "1" } } });
    expect((await ask(`{ order(orderId: "1") { status total lines { sku } } }`)).json).toEqual({
      data: { order: { status: "PLACED", total: "3998", lines: [{ sku: "teapot" }] } },
    });
    await ask(`mutation { shipOrder(input: { orderId: "1" }) { shippedAt } }`);
    const stream = new StreamText(response);
    expect(await stream.until("OrderShipped")).toContain(
      '{"data":{"orderEvents":{"orderId":"1","event":{"__typename":"OrderPlaced"}}}}',
    );
    await stream.cancel();
    gone.abort();
  });

  it("charges once for a command, and returns a refusal as the contract declares it", async () => {
    app = createShop(open());
    const charge = { orderId: "1", amount: 100n, cardToken: "tok" };
    const first = await app.send(PaymentService.methods.charge, charge, { commandId: "pay-1" });
    expect(first.paymentId).toBe("payment-pay-1");
    expect((await app.send(PaymentService.methods.charge, charge, { commandId: "pay-1" })).paymentId).toBe(
      "payment-pay-1",
    );
    await expect(app.send(PaymentService.methods.charge, { ...charge, cardToken: "declined" })).rejects.toMatchObject({
      code: "failed_precondition",
      // Without the card's holder, which the contract marks as personal.
      detail: { typeName: "shop.payments.v1.CardDeclined", json: expect.toSatisfy(isReasonAlone) },
    });
  });

  it("responds in process as it does over HTTP", async () => {
    app = createShop(open());
    await app.send(OrderService.methods.placeOrder, {
      orderId: "1",
      customerEmail: "ada@example.com",
      lines: [{ sku: "teapot", quantity: 2, unitPrice: 1999n }],
    });
    const view = await app.query(OrderService.methods.getOrder, { orderId: "1" });
    expect([view.status, view.total]).toEqual([OrderStatus.PLACED, 3998n]);
    await expect(app.query(OrderService.methods.getOrder, { orderId: "2" })).rejects.toMatchObject({
      code: "not_found",
    });
  });
});

it.each([
  ["https://page.test", 200, "https://page.test"],
  ["https://other.test", 403, null],
])("pages of %s get %i if https://page.test may call", async (origin, status, allowed) => {
  const shop = createShop(memory(), { origins: ["https://page.test"] });
  const headers = { "content-type": "application/json", origin, "sec-fetch-site": "cross-site" };
  const request = new Request("http://shop/v1/orders", { method: "POST", headers, body: JSON.stringify(body) });
  const response = await shop.fetch(request);
  expect([response.status, response.headers.get("access-control-allow-origin")]).toEqual([status, allowed]);
  await shop.stop();
});
