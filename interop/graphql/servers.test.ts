// The schema and resolvers of an app run in third-party servers with the same responses.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { bundle } from "./bundle.js";

type Answers = Readonly<Record<string, Readonly<Record<"placed" | "found" | "again" | "hello", unknown>>>>;

let answers: Answers & { readonly "event stream": unknown };

beforeAll(async () => {
  const program = await bundle(join(import.meta.dirname, "servers.mjs"), "servers", "graphql");
  const { stdout, stderr } = spawnSync(process.execPath, [program], { encoding: "utf8" });
  if (stdout === "") throw new Error(stderr);
  answers = JSON.parse(stdout) as typeof answers;
});

describe.each(["yoga", "yoga, from parts", "apollo", "mercurius", "stitched"])("in %s", (name) => {
  const orderId = name.replaceAll(/\W/g, "");

  it("places and finds an order", () => {
    expect(answers[name]?.placed).toEqual({ data: { placeOrder: { orderId } } });
    expect(answers[name]?.found).toEqual({
      data: {
        order: {
          status: "PLACED",
          total: "9007199254740993",
          placedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
          lines: [{ sku: "tea", unitPrice: "9007199254740993" }],
        },
      },
    });
  });

  it("returns an error with its code and details", () => {
    expect(answers[name]?.again).toMatchObject({
      data: { placeOrder: null },
      errors: [
        {
          message: "order already placed",
          extensions: {
            code: "ALREADY_EXISTS",
            correlationId: `c-${orderId}`,
            error: { "@type": "shop.orders.v1.OrderAlreadyPlaced", orderId },
          },
        },
      ],
    });
  });
});

it("a stitched schema has the fields of both", () => {
  expect(answers["stitched"]?.hello).toEqual({ data: { hello: "world" } });
});

it("a subscription is a stream of events", () => {
  expect(answers["event stream"]).toContain('data: {"data":{"order":{"status":"PLACED"}}}');
});
