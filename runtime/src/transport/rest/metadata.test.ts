import { describe, expect, it } from "vitest";
import type { CallOptions } from "../../cqrs/index.js";
import { PotterError } from "../../errors/index.js";
import { app, post } from "./rest.fixture.js";

const orders = (invoke: (options: CallOptions) => void) =>
  app([
    {
      http: post,
      invoke: async (request, options) => {
        invoke(options);
        return { response: request };
      },
    },
  ]).send;

describe("the metadata of a call", () => {
  it("contains the headers of the request", async () => {
    const seen: unknown[] = [];
    const send = orders(({ requestHeaders }) => {
      seen.push(requestHeaders?.get("X-Region"), requestHeaders?.getAll("x-none"), [...(requestHeaders ?? [])]);
    });
    await send("POST", "/orders", { json: {}, headers: { "X-Region": "north" } });
    expect(seen).toEqual(["north", [], expect.arrayContaining([["x-region", "north"]])]);
  });

  it("becomes headers of the response, each value of a name, also where the call fails", async () => {
    const send = orders(({ responseHeaders }) => {
      responseHeaders?.append("X-Served-By", "a");
      responseHeaders?.append("x-served-by", "b");
    });
    expect((await send("POST", "/orders", { json: {} })).headers.get("x-served-by")).toBe("a, b");
    const refuse = orders(({ responseHeaders }) => {
      responseHeaders?.append("x-quota", "0");
      throw new PotterError("resource_exhausted", "the quota is used up");
    });
    const refused = await refuse("POST", "/orders", { json: {} });
    expect([refused.status, refused.headers.get("x-quota")]).toEqual([429, "0"]);
  });

  it("replaces no header that REST itself sends", async () => {
    const send = orders(({ responseHeaders }) => responseHeaders?.append("content-type", "text/html"));
    expect((await send("POST", "/orders", { json: {} })).headers.get("content-type")).toBe("application/json");
  });
});

describe("the details of an error", () => {
  it("follow the declared error, each with its type, as far as they have a JSON form", async () => {
    const send = orders(() => {
      throw new PotterError("failed_precondition", "out of stock", {
        detail: { typeName: "shop.v1.OutOfStock", json: { sku: "a" } },
        details: [
          { typeName: "google.rpc.Help", json: { links: [] } },
          { typeName: "google.protobuf.Duration", json: "3s" },
          { typeName: "shop.v1.OnlyBinary", encode: () => new Uint8Array() },
        ],
      });
    });
    expect((await send("POST", "/orders", { json: {} })).body).toMatchObject({
      error: { "@type": "shop.v1.OutOfStock", sku: "a" },
      details: [
        { "@type": "google.rpc.Help", links: [] },
        { "@type": "google.protobuf.Duration", value: "3s" },
      ],
    });
  });
});
