import { connect, createServer, type Socket } from "node:net";
import { type App, type AppOptions, createApp, type EventStore, type Middleware, memory } from "@potter/runtime";
import { type GraphQLOptions, graphql } from "@potter/runtime/graphql";
import { type RunningServer, serve } from "@potter/runtime/node";
import { ws } from "@potter/runtime/ws";
import { expect, vi } from "vitest";
import { graphqlContract } from "../gen/schema_graphql.js";
import { OrderService } from "../gen/shop/orders/v1/orders_cqrs.js";
import { order } from "./order.js";
import { orderQueries, orderViews } from "./order-views.js";

/** The shop's orders over GraphQL on a Node server, which counts their subscriptions. */
export class LiveShop {
  readonly app: App;
  readonly server: RunningServer;
  /** How many subscriptions were opened in the app, how many of them are open, and how many listen to the store. */
  private readonly counts: { opened: number; following: number; listeners: number };
  /** How many listen to the store when there is no subscription. */
  private readonly idle: number;

  private constructor(app: App, server: RunningServer, counts: LiveShop["counts"]) {
    this.app = app;
    this.server = server;
    this.counts = counts;
    this.idle = counts.listeners;
  }

  static async open(
    options: Omit<GraphQLOptions, "modules" | "schema"> = {},
    caller?: AppOptions["caller"],
  ): Promise<LiveShop> {
    const store = memory();
    const counts = { opened: 0, following: 0, listeners: 0 };
    const onAppend = store.events.onAppend.bind(store.events);
    const counted: EventStore["onAppend"] = (listener) => {
      counts.listeners += 1;
      const forget = onAppend(listener);
      return () => {
        counts.listeners -= 1;
        forget();
      };
    };
    store.events.onAppend = counted;
    // From the opening of a stream until its release.
    const count: Middleware = (method) =>
      method.stream !== "server"
        ? undefined
        : (call, next) => {
            counts.opened += 1;
            counts.following += 1;
            call.context.signal?.addEventListener("abort", () => {
              counts.following -= 1;
            });
            return next(call);
          };
    const transports = [graphql({ modules: [graphqlContract], ...options })];
    const parts = [order, orderViews, orderQueries];
    const app = createApp({ store, parts, transports, middleware: [count], ...(caller && { caller }) });
    const server = await serve(app, { webSockets: ws() });
    await app.waitForProjections();
    return new LiveShop(app, server, counts);
  }

  get url(): string {
    return `${this.server.url}/graphql`;
  }

  place(orderId: string, lines = 1): Promise<unknown> {
    return this.app.send(OrderService.methods.placeOrder, {
      orderId,
      customerEmail: "ada@example.com",
      lines: Array.from({ length: lines }, (_, at) => ({ sku: `tea-${at}`, quantity: 1, unitPrice: 1n })),
    });
  }

  /** Waits until one was opened. It may have been closed since. */
  async oneOpened(): Promise<void> {
    await vi.waitFor(() => expect(this.counts.opened).toBeGreaterThan(0));
  }

  async allClosed(): Promise<void> {
    await vi.waitFor(() => expect(this.counts).toMatchObject({ following: 0, listeners: this.idle }));
  }

  stop(): Promise<void> {
    return this.server.stop();
  }
}

/** A proxy between a client and a server. */
export interface Proxy {
  readonly url: string;
  /** Breaks every connection. */
  cut(): void;
  /** Drops all data from now on without closing anything, like a pulled cable. */
  freeze(): void;
  close(): void;
}

export async function openProxy(port: number): Promise<Proxy> {
  const sockets = new Set<Socket>();
  const proxy = createServer((client) => {
    const upstream = connect(port, "127.0.0.1");
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(one);
      one
        .on("error", () => {})
        .on("close", () => {
          sockets.delete(one);
          other.destroy();
        });
      one.pipe(other);
    }
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  const { port: own } = proxy.address() as { port: number };
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: `http://127.0.0.1:${own}/graphql`,
    cut,
    freeze: () => {
      for (const socket of sockets) socket.unpipe().pause();
    },
    close: () => {
      cut();
      proxy.close();
    },
  };
}
