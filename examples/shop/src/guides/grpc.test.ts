// What docs/guides/grpc.md shows, carried out.
import { type ClientHttp2Session, connect } from "node:http2";
import { createApp, memory, rest } from "@potter/runtime";
import { serve } from "@potter/runtime/node";
import { rpc } from "@potter/runtime/rpc";
import { afterAll, beforeAll, expect, it } from "vitest";
import { parts } from "./streamed-orders.fixture.js";

async function open(port: number) {
  const store = memory();
  const app = createApp({ store, parts, transports: [rpc({ reflection: true }), rest()] });

  const server = await serve(app, { port });

  return server;
}

let server: Awaited<ReturnType<typeof open>>;
let session: ClientHttp2Session;

beforeAll(async () => {
  server = await open(0);
  session = connect(server.url);
});

afterAll(async () => {
  session.close();
  await server.stop();
});

/** Calls a method of the streams with messages in JSON, in envelopes. */
function call(method: string, messages: readonly object[], headers: Record<string, string> = {}) {
  return new Promise<{ items: unknown[]; headers: Record<string, unknown>; trailers: Record<string, unknown> }>(
    (resolve, reject) => {
      const stream = session.request({
        ":method": "POST",
        ":path": `/${method}`,
        "content-type": "application/grpc+json",
        te: "trailers",
        ...headers,
      });
      let received = Buffer.alloc(0);
      let head = {};
      let trailers = {};
      stream.on("response", (fields) => {
        head = fields;
      });
      stream.on("trailers", (fields) => {
        trailers = fields;
      });
      stream.on("data", (chunk: Buffer) => {
        received = Buffer.concat([received, chunk]);
      });
      stream.on("error", reject);
      stream.on("end", () => {
        const items: unknown[] = [];
        for (let at = 0; at < received.length; ) {
          const end = at + 5 + received.readUInt32BE(at + 1);
          items.push(JSON.parse(received.subarray(at + 5, end).toString()));
          at = end;
        }
        resolve({ items, headers: head, trailers });
      });
      for (const message of messages) {
        const text = Buffer.from(JSON.stringify(message));
        const prefix = Buffer.alloc(5);
        prefix.writeUInt32BE(text.length, 1);
        stream.write(Buffer.concat([prefix, text]));
      }
      stream.end();
    },
  );
}

it("serves the methods of the contract", async () => {
  const order = { customerEmail: "ada@example.com", lines: [{ sku: "teapot", quantity: 1, unitPrice: "5" }] };
  const placed = await call("shop.orders.v1.OrderService/PlaceOrder", [order]);
  expect(placed.trailers["grpc-status"]).toBe("0");
  expect(placed.items).toEqual([{ orderId: expect.any(String) }]);
});

it("takes and returns streams", async () => {
  const orders = ["a", "b"].map((orderId) => ({ orderId }));
  const imported = await call("shop.streams.v1.OrderStreams/ImportOrders", orders);
  expect(imported.items).toEqual([{ orderId: "2 orders" }]);
  const quoted = await call("shop.streams.v1.OrderStreams/QuoteOrders", orders);
  expect(quoted.items).toEqual([{ orderId: "quote of a" }, { orderId: "quote of b" }]);
});

it("passes metadata in both directions", async () => {
  const found = await call("shop.streams.v1.OrderStreams/FindOrder", [{ orderId: "a" }], { "x-region": "us" });
  expect(found.headers["x-served-by"]).toBe("us");
  expect(found.trailers).toMatchObject({ "grpc-status": "0", "x-cost": "1" });
});

it("reports errors with details", async () => {
  const busy = await call("shop.streams.v1.OrderStreams/FindOrder", [{ orderId: "busy" }]);
  expect(busy.trailers).toMatchObject({ "grpc-status": "8", "grpc-message": "too many orders" });
  expect(Buffer.from(String(busy.trailers["grpc-status-details-bin"]), "base64").toString()).toContain("RetryInfo");
});

it("has the options of the guide", () => {
  const transport = rpc({
    protocols: ["grpc", "grpc-web", "connect"],
    maxMessageSize: 1024 * 1024,
    maxTimeout: 30_000,
    compression: { codings: ["gzip"], threshold: 4 * 1024 },
  });

  expect(transport.name).toBe("rpc");
});
