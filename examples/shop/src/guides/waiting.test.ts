// What docs/guides/waiting.md shows, carried out, over each transport.
import { createApp, memory, type Part, rest, type Store, waits } from "@potter/runtime";
import { graphql } from "@potter/runtime/graphql";
import { serve } from "@potter/runtime/node";
import { rpc } from "@potter/runtime/rpc";
import { webSocket } from "@potter/runtime/websocket";
import { ws } from "@potter/runtime/ws";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { graphqlContract } from "../../gen/schema_graphql.js";
import { OrderCancelled, OrderService, OrderShipped, OrderView } from "../../gen/shop/orders/v1/orders_cqrs.js";
import { OrderStatus } from "../../gen/shop/orders/v1/orders_pb.js";
import { order } from "../order.js";
import { orderQueries } from "../order-views.js";

/** As in the shop, but async. */
const orderViews = OrderView.projection({
  on: {
    orderPlaced: ({ orderId }, rows) => rows.upsert({ orderId, status: OrderStatus.PLACED }),
    orderShipped: ({ orderId }, rows) => rows.update(orderId, { status: OrderStatus.SHIPPED }),
    orderCancelled: ({ orderId }, rows) => rows.update(orderId, { status: OrderStatus.CANCELLED }),
  },
});
const parts: readonly Part[] = [order, orderViews, orderQueries];
const service = "shop.orders.v1.OrderService";

/** What a call has led to, whatever transport it came by. */
interface Answer {
  readonly status?: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly headers: { get(name: string): string | null | undefined };
}
type Headers = Readonly<Record<string, string>>;
type Call = (method: string, request: object, headers?: Headers) => Promise<Answer>;

/** One replica. */
function createReplica(store: Store) {
  const shared: Store = { ...store, start: async () => {}, stop: async () => {} };
  const transports = [rest(), rpc(), webSocket(), graphql({ modules: [graphqlContract] })];
  return createApp({ parts, store: shared, transports, waits: waits({ events: [OrderShipped] }) });
}

const paths: Readonly<Record<string, (request: Readonly<Record<string, string>>) => readonly [string, string]>> = {
  PlaceOrder: () => ["POST", "/v1/orders"],
  ShipOrder: ({ orderId }) => ["POST", `/v1/orders/${orderId}:ship`],
  GetOrder: ({ orderId }) => ["GET", `/v1/orders/${orderId}`],
  Wait: ({ token }) => ["GET", `/potter/v1/waits/${token}`],
};

async function toAnswer(response: Response): Promise<Answer> {
  return { status: response.status, headers: response.headers, body: (await response.json()) as Answer["body"] };
}

const surfaces: Readonly<Record<string, (url: string) => Call>> = {
  REST: (url) => async (name, request, headers) => {
    const [method, path] = paths[name]?.(request as Readonly<Record<string, string>>) ?? ["", ""];
    const body = method === "GET" ? undefined : JSON.stringify(request);
    const type = body === undefined ? undefined : { "content-type": "application/json" };
    return toAnswer(await fetch(url + path, { method, headers: { ...type, ...headers }, ...(body && { body }) }));
  },
  Connect: (url) => async (name, request, headers) => {
    const path = name === "Wait" ? "potter.v1.WaitService/Wait" : `${service}/${name}`;
    const init = { method: "POST", body: JSON.stringify(request) };
    return toAnswer(
      await fetch(`${url}/${path}`, {
        ...init,
        headers: { "content-type": "application/json", "connect-protocol-version": "1", ...headers },
      }),
    );
  },
  WebSocket:
    (url) =>
    async (name, request, given = {}) => {
      const method = name === "Wait" ? "potter.v1.WaitService/Wait" : `${service}/${name}`;
      const { "request-timeout": timeout, "connect-timeout-ms": _, ...headers } = given;
      const metadata = { headers, ...(timeout !== undefined && { timeout: 1_000 }) };
      const socket = new WebSocket(`${url.replace("http", "ws")}/ws`, "potter.v1.json");
      const answer = await new Promise<string>((resolve, reject) => {
        socket.on("error", reject);
        socket.on("message", (data) => resolve(String(data)));
        socket.on("open", () =>
          socket.send(JSON.stringify({ jsonrpc: "2.0", id: 1, method, params: [request, metadata] })),
        );
      });
      socket.close();
      const { result, error } = JSON.parse(answer);
      const sent = (result?.headers ?? {}) as Readonly<Record<string, string>>;
      return { body: result?.response ?? error.data, headers: { get: (key) => sent[key] } };
    },
};

const customer = { customerEmail: "ada@example.com", lines: [{ sku: "teapot", quantity: 1, unitPrice: "1" }] };

describe.each(Object.entries(surfaces))("over %s, a client", (_, open) => {
  let store: Store;
  let replicas: readonly { app: ReturnType<typeof createApp>; call: Call; close(): Promise<void> }[];

  beforeEach(async () => {
    store = memory();
    await store.start();
    replicas = await Promise.all(
      [1, 2].map(async () => {
        const app = createReplica(store);
        const server = await serve(app, { port: 0, webSockets: ws() });
        return { app, call: open(server.url), close: () => server.stop() };
      }),
    );
  });
  afterEach(async () => {
    await Promise.all(replicas.map((replica) => replica.close()));
    await store.stop();
  });

  it("waits for a read model", async () => {
    const [one, two] = replicas;
    const placed = await one?.call("PlaceOrder", { orderId: "o1", ...customer }, { "potter-wait-for": "OrderView" });
    expect(placed?.body).toEqual({ orderId: "o1" });
    expect(placed?.headers.get("potter-state")).toBe("reached");
    expect((await two?.call("GetOrder", { orderId: "o1" }))?.body).toMatchObject({ status: "ORDER_STATUS_PLACED" });
  });

  it("reads its own writes on another replica, and learns that a position is lost", async () => {
    const [one, two] = replicas;
    const placed = await one?.call("PlaceOrder", { orderId: "o1", ...customer }, { "potter-after": "0" });
    const after = placed?.headers.get("potter-position") ?? "";
    const read = await two?.call("GetOrder", { orderId: "o1" }, { "potter-after": after });
    expect(read?.body).toMatchObject({ orderId: "o1", status: "ORDER_STATUS_PLACED" });
    const lost = await two?.call("GetOrder", { orderId: "o1" }, { "potter-after": `${after}A` });
    expect(JSON.stringify(lost?.body)).toMatch(/out_of_range|OUT_OF_RANGE/);
    expect(JSON.stringify(lost?.body)).toContain("google.rpc.ErrorInfo");
  });

  it("waits for an event, and reads what the app exposes of it", async () => {
    const [one, two] = replicas;
    await one?.call("PlaceOrder", { orderId: "o1", ...customer });
    const names = "OrderShipped, shop.orders.v1.OrderCancelled";
    const shipped = await one?.call("ShipOrder", { orderId: "o1" }, { "potter-wait-for": names });
    expect(shipped?.headers.get("potter-event")).toBe("shop.orders.v1.OrderShipped");
    const token = shipped?.headers.get("potter-wait-token");
    expect((await two?.call("Wait", { token }))?.body).toMatchObject({
      state: "WAIT_STATE_REACHED",
      event: "shop.orders.v1.OrderShipped",
      data: { orderId: "o1" },
    });
    const placed = await one?.call("PlaceOrder", { orderId: "o2", ...customer }, { "potter-wait-for": "OrderPlaced" });
    const answer = await two?.call("Wait", { token: placed?.headers.get("potter-wait-token") });
    expect(answer?.body).toEqual({
      state: "WAIT_STATE_REACHED",
      position: expect.any(String),
      event: "shop.orders.v1.OrderPlaced",
    });
  });

  it("gets its response while the read model lags, also when its deadline passes, and resumes the wait", async () => {
    const [one, two] = replicas;
    await one?.app.projection(OrderView).pause();
    const slow = { "request-timeout": "1", "connect-timeout-ms": "1000" };
    const headers = { "potter-wait-for": "OrderView", ...slow };
    const placed = await one?.call("PlaceOrder", { orderId: "o1", ...customer }, { ...headers, "potter-wait": "2000" });
    expect(placed?.body).toEqual({ orderId: "o1" });
    expect(placed?.headers.get("potter-state")).toBe("pending");
    const token = placed?.headers.get("potter-wait-token");
    if (placed?.status !== undefined && placed.headers.get("location") !== null) {
      expect([placed.status, placed.headers.get("location")]).toEqual([202, `/potter/v1/waits/${token}`]);
    }
    const still = await two?.call("Wait", { token }, { "potter-wait": "50" });
    expect(still?.body).toMatchObject({ state: "WAIT_STATE_PENDING" });
    await one?.app.projection(OrderView).resume();
    expect((await two?.call("Wait", { token }))?.body).toMatchObject({ state: "WAIT_STATE_REACHED" });
  });

  it("is refused for what its service does not expose, before the command runs", async () => {
    const [one] = replicas;
    const placed = await one?.call("PlaceOrder", { orderId: "o1", ...customer }, { "potter-wait-for": "StockView" });
    expect(JSON.stringify(placed?.body)).toMatch(/invalid_argument|INVALID_ARGUMENT/);
    expect(await one?.app.history({ definition: { type: "order" } }, "o1")).toEqual([]);
  });
});

it("a client of REST says how long it waits in the terms of RFC 7240", async () => {
  const app = createReplica(memory());
  const place = (orderId: string, prefer: string) =>
    app.fetch(
      new Request("http://shop/v1/orders", {
        method: "POST",
        headers: { "content-type": "application/json", "potter-wait-for": "OrderView", prefer },
        body: JSON.stringify({ orderId, ...customer }),
      }),
    );
  const placed = await place("o1", 'return=minimal, wait="5"');
  expect([placed.status, placed.headers.get("preference-applied")]).toEqual([200, 'wait="5"']);
  await app.projection(OrderView).pause();
  for (const [index, prefer] of ["wait=0", "respond-async", "respond-async, wait=0"].entries()) {
    const pending = await place(`p${index}`, prefer);
    expect([pending.status, pending.headers.get("preference-applied")]).toEqual([202, prefer]);
    expect(await pending.json()).toEqual({ orderId: `p${index}` });
    const location = new URL(pending.headers.get("location") ?? "", "http://shop");
    const wait = await app.fetch(new Request(location, { headers: { prefer: "wait=0" } }));
    expect([wait.status, await wait.json()]).toMatchObject([200, { state: "WAIT_STATE_PENDING" }]);
  }
  const invalid = await app.fetch(
    new Request("http://shop/v1/orders/o1", { headers: { "potter-after": "0", "potter-wait": "soon" } }),
  );
  expect(invalid.status).toBe(400);
  await app.stop();
});

it("an operation of GraphQL waits like the calls that it makes", async () => {
  const app = createReplica(memory());
  const send = async (query: string, headers: Headers) => {
    const init = { method: "POST", body: JSON.stringify({ query }) };
    const type = { "content-type": "application/json", accept: "application/json" };
    const response = await app.fetch(new Request("http://shop/graphql", { ...init, headers: { ...type, ...headers } }));
    return { body: await response.json(), headers: response.headers };
  };
  const place = (id: string) =>
    `placeOrder(input: { orderId: "${id}", customerEmail: "a@b.com", lines: [{ sku: "cup", quantity: 1 }] }) { orderId }`;
  const placed = await send(`mutation { ${place("o1")} }`, { "potter-wait-for": "OrderView" });
  expect(placed.body).toEqual({ data: { placeOrder: { orderId: "o1" } } });
  expect(placed.headers.get("potter-state")).toBe("reached");
  await app.projection(OrderView).pause();
  const again = await send(`mutation { ${place("o2")} }`, { "potter-wait-for": "OrderView", "request-timeout": "1" });
  expect(again.body).toEqual({ data: { placeOrder: { orderId: "o2" } } });
  expect(again.headers.get("potter-state")).toBe("pending");
  const after = again.headers.get("potter-position") ?? "";
  const query = '{ order(orderId: "o2") { status } }';
  const late = await send(query, { "potter-after": after, "potter-wait": "50" });
  expect(late.body).toMatchObject({ errors: [{ extensions: { code: "UNAVAILABLE" } }] });
  await app.projection(OrderView).resume();
  expect((await send(query, { "potter-after": after })).body).toEqual({ data: { order: { status: "PLACED" } } });
  const several = await send(`mutation { a: ${place("o3")} b: ${place("o4")} }`, { "potter-wait-for": "OrderView" });
  expect(JSON.stringify(several.body)).toContain("send each mutation in its own operation");
  await app.stop();
});

it("an app waits as soon as it is given waits()", async () => {
  const app = createApp({ parts: [order, orderViews, orderQueries], waits: waits() });
  const body = JSON.stringify({ orderId: "o1", ...customer, lines: [{ sku: "teapot", quantity: 1 }] });
  const headers = { "content-type": "application/json", "potter-wait-for": "OrderView", prefer: "wait=5" };
  const placed = await app.fetch(new Request("http://shop/v1/orders", { method: "POST", body, headers }));
  expect(placed.headers.get("potter-state")).toBe("reached");
  await app.stop();
});

it("callers of the same process wait for read models and events", async () => {
  const app = createApp({ parts, waits: waits({ events: [OrderShipped] }) });
  for (const orderId of ["o1", "o2"]) {
    const lines = [{ sku: "teapot", quantity: 1 }];
    await app.send(OrderService.methods.placeOrder, { orderId, customerEmail: customer.customerEmail, lines });
  }

  const { shipOrder } = OrderService.methods;

  const shipped = await app.invoke(shipOrder, { orderId: "o1" }, { until: { applied: [OrderView] }, within: 5_000 });
  if (shipped.state === "pending" && shipped.token) await app.resumeWait(shipped.token);

  const ended = await app.invoke(shipOrder, { orderId: "o2" }, { until: { event: [OrderShipped, OrderCancelled] } });

  const { position } = shipped;
  const found = await app.query(OrderService.methods.getOrder, { orderId: "o1" }, { wait: { after: position } });

  expect(shipped).toMatchObject({ response: { orderId: "o1" } });
  expect(ended).toMatchObject({ state: "reached", event: { data: { orderId: "o2" } } });
  expect(found).toMatchObject({ status: OrderStatus.SHIPPED });
  await app.stop();
});
