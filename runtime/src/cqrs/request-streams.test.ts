import { type StringValue, StringValueSchema } from "@bufbuild/protobuf/wkt";
import { expect, it } from "vitest";
import { PotterError } from "../errors/index.js";
import { type Es, es } from "../message/index.js";
import { type BusOptions, createBus } from "./bus.js";
import type { Next } from "./call.js";
import type { CallOptions } from "./context.js";
import type { Method } from "./method.js";
import { tenancy } from "./tenancy.js";

type Text = Es<typeof StringValueSchema>;

const join: Method<Text, Text, "client"> = {
  service: "test.v1.EchoService",
  name: "Join",
  kind: "command",
  stream: "client",
  request: es(StringValueSchema),
  response: es(StringValueSchema),
  http: [],
  errors: {},
  tenant: ({ value }: StringValue) => value,
};

const joinAll: Next = async ({ request, context }) => {
  const values: string[] = [];
  for await (const { value } of request as AsyncIterable<StringValue>) values.push(value);
  return { response: { values, tenant: context.tenant } };
};

/** Calls with a stream of values. Resolves with the response or the error, and whether the stream was returned. */
async function send(options: Partial<BusOptions>, values: readonly string[], callOptions?: CallOptions) {
  let returned = false;
  async function* stream() {
    try {
      for (const value of values) yield { value };
    } finally {
      returned = true;
    }
  }
  const bus = createBus({ handlers: new Map([[join, joinAll]]), ...options });
  const outcome = await bus.dispatch(join, stream(), callOptions).then(
    ({ response }) => response,
    ({ code, message }: PotterError) => [code, message],
  );
  return { outcome, returned };
}

it("checks each message of a stream of requests as the handler takes it", async () => {
  const check = (request: unknown) =>
    (request as StringValue).value === "bad" ? new PotterError("invalid_argument", "is bad") : undefined;
  const { outcome: all } = await send({ check: () => check }, ["a", "b"]);
  expect(all).toMatchObject({ values: ["a", "b"] });
  const { outcome, returned } = await send({ check: () => check }, ["a", "bad", "c"]);
  expect(outcome).toEqual(["invalid_argument", "is bad"]);
  expect(returned).toBe(true);
});

it("takes the tenant of a stream of requests from the first one", async () => {
  const middleware = [tenancy];
  const { outcome } = await send({ middleware }, ["acme", "acme"], { tenants: ["acme"] });
  expect(outcome).toEqual({ values: ["acme", "acme"], tenant: "acme" });
  expect((await send({ middleware }, [], { tenant: "acme" })).outcome).toEqual({ values: [], tenant: "acme" });
});

it("refuses a stream of requests of which one names another tenant", async () => {
  const { outcome, returned } = await send({ middleware: [tenancy] }, ["acme", "umbrella"], { tenants: "any" });
  expect(outcome).toEqual(["permission_denied", "a request of the stream names another tenant than the first one"]);
  expect(returned).toBe(true);
  const refused = await send({ middleware: [tenancy] }, ["acme", "acme"], { tenant: "umbrella" });
  expect(refused.outcome).toEqual(["permission_denied", "the request names another tenant than its caller's"]);
  expect(refused.returned).toBe(true);
});
