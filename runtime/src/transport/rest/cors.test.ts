import { describe, expect, it } from "vitest";
import type { CorsOptions } from "../../http/index.js";
import { app, get, order, post } from "./rest.fixture.js";

const shop = "https://shop.example.com";
const preflight = { origin: shop, "access-control-request-method": "POST" };

function sender(cors: CorsOptions | undefined) {
  const { send } = app(
    [
      { http: get },
      { http: post },
      {
        http: { method: "GET", segments: ["watch"] },
        method: { stream: "server" },
        invoke: async () => ({
          response: (async function* () {
            yield order.create();
          })(),
        }),
      },
    ],
    cors && { cors },
  );
  return async (method: string, path: string, headers: Record<string, string> = {}) => {
    const answer = await send(method, path, { headers });
    const all = [...answer.headers].filter(([name]) => name.startsWith("access-control-") || name === "vary");
    return { status: answer.status, ...Object.fromEntries(all) };
  };
}

const allowHeaders =
  "accept, content-encoding, content-type, idempotency-key, if-match, if-none-match, last-event-id, request-timeout, traceparent, x-correlation-id";
const exposed = "etag, retry-after, www-authenticate, x-correlation-id";

describe("CORS", () => {
  it("is off by default", async () => {
    expect(await sender(undefined)("OPTIONS", "/orders", preflight)).toEqual({ status: 204 });
    expect(await sender(undefined)("GET", "/orders/1", { origin: shop })).toEqual({ status: 200 });
  });

  it("allows all origins", async () => {
    const send = sender({ origins: "*" });
    expect(await send("GET", "/orders/1", { origin: shop })).toEqual({
      status: 200,
      "access-control-allow-origin": "*",
      "access-control-expose-headers": exposed,
    });
    expect(await send("OPTIONS", "/orders", preflight)).toEqual({
      status: 204,
      "access-control-allow-origin": "*",
      "access-control-allow-headers": allowHeaders,
      "access-control-allow-methods": "OPTIONS, POST",
    });
  });

  it("allows listed origins, with the additional headers", async () => {
    const send = sender({
      origins: [shop],
      credentials: true,
      maxAge: 600_000,
      allowHeaders: ["Authorization"],
      exposeHeaders: ["X-Shown"],
    });
    const common = {
      vary: "origin",
      "access-control-allow-origin": shop,
      "access-control-allow-credentials": "true",
    };
    expect(await send("GET", "/orders/1", { origin: shop })).toEqual({
      ...common,
      status: 200,
      "access-control-expose-headers": `${exposed}, x-shown`,
    });
    expect(await send("OPTIONS", "/orders/1", { ...preflight, "access-control-request-method": "GET" })).toEqual({
      ...common,
      status: 204,
      "access-control-allow-headers": `${allowHeaders}, authorization`,
      "access-control-allow-methods": "GET, HEAD, OPTIONS",
      "access-control-max-age": "600",
    });
  });

  it.each(["https://evil.example.com", "https://shop.example.com.evil.com", "http://shop.example.com", "null"])(
    "sends no headers to %s",
    async (origin) => {
      const send = sender({ origins: [shop] });
      expect(await send("GET", "/orders/1", { origin })).toEqual({ status: 200, vary: "origin" });
      expect(await send("OPTIONS", "/orders", { ...preflight, origin })).toEqual({ status: 204, vary: "origin" });
    },
  );

  it("calls the predicate", async () => {
    const send = sender({ origins: (origin) => origin.endsWith(".example.com") });
    expect(await send("GET", "/orders/1", { origin: shop })).toMatchObject({ "access-control-allow-origin": shop });
    expect(await send("GET", "/orders/1", { origin: "https://example.org" })).toEqual({ status: 200, vary: "origin" });
  });

  it("sends Vary also to requests without an origin, and next to other values of Vary", async () => {
    const send = sender({ origins: [shop] });
    expect(await send("GET", "/orders/1")).toEqual({ status: 200, vary: "origin" });
    expect(await send("GET", "/orders/1", { accept: "application/*" })).toEqual({
      status: 200,
      vary: "accept, origin",
    });
  });

  it("holds for errors and for streams", async () => {
    const send = sender({ origins: [shop] });
    const allowed = { "access-control-allow-origin": shop, "access-control-expose-headers": exposed, vary: "origin" };
    expect(await send("GET", "/orders/1?nope", { origin: shop })).toEqual({ ...allowed, status: 400 });
    expect(await send("DELETE", "/orders/1", { origin: shop })).toEqual({ ...allowed, status: 405 });
    expect(await send("GET", "/watch", { origin: shop })).toEqual({ ...allowed, status: 200 });
  });

  it.each<[CorsOptions, RegExp]>([
    [{ origins: "*", credentials: true }, /credentials with origins "\*"/],
    [{ origins: ["https://shop.example.com/"] }, /expected an origin such as/],
    [{ origins: ["*"] }, /expected an origin such as/],
    [{ origins: ["null"] }, /expected an origin such as/],
  ])("is not set to %o", (cors, message) => {
    expect(() => sender(cors)).toThrow(message);
  });
});
