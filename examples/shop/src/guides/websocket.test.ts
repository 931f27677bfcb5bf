// What docs/guides/websocket.md shows, carried out: its code, and the frames of its examples in their order.
import { readFileSync } from "node:fs";
import {
  type CallContext,
  createApp,
  memory,
  readResumePosition,
  rest,
  resumePositionOf,
  subscribe,
  withStreamItemId,
} from "@potter/runtime";
import { defineService, type Es, es, type Method } from "@potter/runtime/codegen/v1";
import { type RunningServer, serve } from "@potter/runtime/node";
import { webSocket } from "@potter/runtime/websocket";
import { ws } from "@potter/runtime/ws";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { WebSocket } from "ws";
import { type GetOrderRequest, GetOrderRequestSchema } from "../../gen/shop/orders/v1/orders_pb.js";
import { order } from "../order.js";
import { orderQueries, orderViews } from "../order-views.js";

const store = memory();

const follow = (_query: GetOrderRequest, ctx: CallContext) => {
  const from = ctx.lastEventId ?? "0";
  const placed = async function* () {
    const after = await readResumePosition(store.events, from);
    for await (const { events } of subscribe(store.events, { after, ...(ctx.signal && { signal: ctx.signal }) })) {
      for (const event of events) yield withStreamItemId({ orderId: event.stream.id }, resumePositionOf(event));
    }
  };
  return withStreamItemId(placed(), from);
};

type Request = Es<typeof GetOrderRequestSchema>;

interface TestTypes {
  readonly methods: {
    readonly collect: Method<Request, Request, "client", "command">;
    readonly follow: Method<Request, Request, "server", "query">;
  };
  readonly commands: { readonly collect: never };
  readonly queries: "follow";
  readonly errors: object;
  readonly views: object;
}

const described = { service: "test.v1.Orders", request: es(GetOrderRequestSchema), http: [], errors: {} };
const OrdersService = defineService<TestTypes>({
  typeName: "test.v1.Orders",
  methods: {
    collect: { ...described, response: described.request, name: "Collect", kind: "command", stream: "client" },
    follow: { ...described, response: described.request, name: "Follow", kind: "query", stream: "server" },
  },
  errors: {},
  views: () => ({}),
});

const parts = [
  order,
  orderViews,
  orderQueries,
  OrdersService.queries({ follow }),
  OrdersService.commands({
    collect: async (requests) => {
      const ids: string[] = [];
      for await (const { orderId } of requests) ids.push(orderId);
      return { orderId: ids.join("+") };
    },
  }),
];

/** The frames of the guide, in their order. */
const frames = [
  ...readFileSync(new URL("../../../../docs/guides/websocket.md", import.meta.url), "utf8").matchAll(/^([→←]) (.+)$/gm),
].map(([, from = "", text = ""]) => ({ from, text }));

/** What a frame of the guide matches: `…` stands for any value. */
function toPattern(json: unknown): unknown {
  if (json === "…") return expect.any(String);
  if (Array.isArray(json)) return json.length === 1 && json[0] === "…" ? expect.any(Array) : json.map(toPattern);
  if (typeof json !== "object" || json === null) return json;
  return Object.fromEntries(Object.entries(json).map(([key, value]) => [key, toPattern(value)]));
}

describe("the frames of the guide", () => {
  let server: RunningServer;
  let socket: WebSocket;
  const received: unknown[] = [];
  let closed: number | undefined;

  beforeAll(async () => {
    const app = createApp({ store, parts, transports: [rest(), webSocket()] });
    const port = 0;

    server = await serve(app, { port, webSockets: ws() });

    socket = new WebSocket(`${server.url.replace("http", "ws")}/ws`, "potter.v1.json");
    socket.on("message", (data) => received.push(JSON.parse(String(data))));
    socket.on("close", (code) => {
      closed = code;
    });
    await new Promise((resolve) => socket.on("open", resolve));
  });
  afterAll(() => server.stop());

  it("are answered as it shows", async () => {
    expect(frames.length).toBeGreaterThan(20);
    let stopped: Promise<void> | undefined;
    for (const { from, text } of frames) {
      if (from === "→") {
        socket.send(text);
        continue;
      }
      const expected = toPattern(JSON.parse(text.replaceAll("[…]", '["…"]')));
      // The server stops at the end of the guide.
      if (text.includes("$/goaway")) stopped = server.stop();
      await vi.waitFor(() => expect(received).toContainEqual(expected), { interval: 5, timeout: 20_000 });
      received.splice(
        received.findIndex((one) => {
          try {
            expect(one).toEqual(expected);
            return true;
          } catch {
            return false;
          }
        }),
        1,
      );
    }
    await stopped;
    await vi.waitFor(() => expect(closed).toBe(1001));
    // The items of the stream that the guide follows, and its end.
    expect(received.filter((one) => (one as { params?: unknown[] }).params?.[0] !== 5)).toEqual([
      expect.objectContaining({ id: 5, error: expect.objectContaining({ code: -32014 }) }),
    ]);
  });
});
