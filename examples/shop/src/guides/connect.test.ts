// What docs/guides/connect.md shows, carried out.
import { createApp, memory, rest } from "@potter/runtime";
import { rpc } from "@potter/runtime/rpc";
import { afterAll, expect, it } from "vitest";
import { parts } from "./streamed-orders.fixture.js";

const store = memory();
const app = createApp({
  store,
  parts,
  transports: [rpc(), rest()],
  http: { cors: { origins: ["https://shop.example.com"], maxAge: 7_200_000 } },
});

const url = "http://shop";
const fetch = (target: string, init?: RequestInit) => app.fetch(new Request(target, init));

afterAll(() => app.stop());

it("calls a method by POST", async () => {
  const order = { customerEmail: "ada@example.com", lines: [{ sku: "teapot", quantity: 1, unitPrice: "5" }] };

  const response = await fetch(`${url}/shop.orders.v1.OrderService/PlaceOrder`, {
    method: "POST",
    headers: { "content-type": "application/json", "connect-protocol-version": "1" },
    body: JSON.stringify(order),
  });
  const { orderId } = await response.json();

  expect(response.status).toBe(200);
  expect(orderId).toEqual(expect.any(String));
});

it("calls a query by GET, which is cached", async () => {
  const message = encodeURIComponent(JSON.stringify({ orderId: "a" }));
  const found = await fetch(`${url}/shop.streams.v1.OrderStreams/FindOrder?encoding=json&message=${message}`);

  expect(await found.json()).toEqual({ orderId: "a" });
  expect(found.headers.get("cache-control")).toBe("private, max-age=60");
  expect(found.headers.get("vary")).toBe("accept-encoding, authorization, cookie, potter-after, origin");
  expect(found.headers.get("trailer-x-cost")).toBe("1");
});

it("reports an error in JSON", async () => {
  const body = JSON.stringify({ orderId: "busy" });
  const headers = { "content-type": "application/json", "connect-protocol-version": "1" };
  const response = await fetch(`${url}/shop.streams.v1.OrderStreams/FindOrder`, { method: "POST", headers, body });

  if (!response.ok) {
    const { code, message, details = [] } = await response.json();
    console.warn(code, message, details);
  }

  expect(response.status).toBe(429);
  expect(response.headers.get("retry-after")).toBe("2");
});

it("reads a stream", async () => {
  const messages = ["a", "b"].map((orderId) => JSON.stringify({ orderId }));
  const body = Buffer.concat(messages.map((text) => Buffer.from(`\0\0\0\0${String.fromCharCode(text.length)}${text}`)));
  const headers = { "content-type": "application/connect+json" };
  const response = await fetch(`${url}/shop.streams.v1.OrderStreams/QuoteOrders`, { method: "POST", headers, body });
  const text = await response.text();
  expect(text).toContain('{"orderId":"quote of a"}');
  expect(text).toMatch(/\{\}$/);
});
