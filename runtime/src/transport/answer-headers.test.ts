import { buildSchema } from "graphql";
import { describe, expect, it } from "vitest";
import { type CallOptions, silentLogger } from "../cqrs/index.js";
import { PotterError } from "../errors/index.js";
import { fetchHandler, firstOf, type TransportHost } from "../http/index.js";
import { OrderSchema } from "../message/fixture.test.proto.js";
import { es } from "../message/index.js";
import { graphql } from "./graphql/index.js";
import { rest } from "./rest/index.js";

const order = es(OrderSchema);
const stranger = new PotterError("unauthenticated", "sign in first");

/** An order over REST and GraphQL; a stream of orders at `/feed`. Records the calls. */
function open(identify?: TransportHost["identify"], set: { readonly challenge?: string } = {}) {
  const calls: CallOptions[] = [];
  const common = { service: "test.v1.Orders", request: order, response: order, errors: {}, kind: "query" } as const;
  const http = (path: string, verb: string) => [{ method: verb, path: `/${path}`, segments: [path] }];
  let returned = 0;
  const feed = async function* () {
    try {
      for (;;) yield order.create();
    } finally {
      returned++;
    }
  };
  const schema = buildSchema("type Query { id: String } type Mutation { id: String } type Subscription { id: String }");
  const query = schema.getQueryType()?.getFields()["id"];
  if (query === undefined) throw new Error("no field");
  query.resolve = (_source: unknown, _args: unknown, { call }: { call: CallOptions }) => {
    calls.push(call);
    return "1";
  };
  const painted = schema.getSubscriptionType()?.getFields()["id"];
  if (painted === undefined) throw new Error("no field");
  painted.subscribe = async function* (_source: unknown, _args: unknown, { call }: { call: CallOptions }) {
    calls.push(call);
    yield { id: "1" };
  };
  const host = {
    methods: [
      {
        method: { ...common, name: "Get", stream: "unary", http: http("order", "GET") } as const,
        invoke: async (_: unknown, call: CallOptions) => {
          calls.push(call);
          return { response: order.create() };
        },
      },
      {
        method: { ...common, name: "Feed", stream: "server", http: http("feed", "GET") } as const,
        invoke: async (_: unknown, call: CallOptions) => {
          calls.push(call);
          if (call.user === "nobody") throw new PotterError("permission_denied", "not you");
          return { response: feed() };
        },
      },
    ],
    logger: silentLogger,
    identify,
    dispatch: () => Promise.reject(new Error("nothing is dispatched here")),
  };
  const transports = [rest(set), graphql({ schema, ...set })];
  const handle = fetchHandler(firstOf(transports.map((transport) => transport.mount(host))));
  const send = (path: string, init: RequestInit = {}) => handle(new Request(`http://test${path}`, init));
  return { send, calls, returned: () => returned };
}

const ask = (query: string, headers: Record<string, string> = {}): RequestInit => ({
  method: "POST",
  headers: { "content-type": "application/json", ...headers },
  body: JSON.stringify({ query }),
});
const events = { accept: "text/event-stream" };

describe("X-Correlation-Id", () => {
  const requests: readonly (readonly [name: string, status: number, path: string, init: RequestInit])[] = [
    ["a success", 200, "/order", {}],
    ["HEAD", 200, "/order", { method: "HEAD" }],
    ["OPTIONS", 204, "/order", { method: "OPTIONS" }],
    ["a wrong parameter", 400, "/order?nope=1", {}],
    ["a wrong method", 405, "/order", { method: "PUT" }],
    ["a path that is nobody's", 404, "/nope", {}],
    ["a stream", 200, "/feed", {}],
    ["HEAD of a stream", 200, "/feed", { method: "HEAD" }],
    ["a GraphQL query", 200, "/graphql", ask("{ id }")],
    ["a GraphQL query by events", 200, "/graphql", ask("{ id }", events)],
    ["a GraphQL subscription", 200, "/graphql", ask("subscription { id }", events)],
    ["a GraphQL query that is none", 200, "/graphql", ask("{ nope }")],
    ["a GraphQL request that is none", 400, "/graphql", { ...ask(""), body: "{" }],
    ["a wrong method of GraphQL", 405, "/graphql", { method: "PUT" }],
    ["a GraphQL preflight", 204, "/graphql", { method: "OPTIONS" }],
    ["an unacceptable GraphQL answer", 406, "/graphql", ask("{ id }", { accept: "text/html" })],
    ["a handshake", 400, "/graphql", { headers: { upgrade: "websocket" } }],
  ];

  it.each(requests)("is on %s: the one of the request, or a new one", async (_, status, path, init) => {
    const { send, calls } = open();
    const made = await send(path, init);
    expect([made.status, made.headers.get("x-correlation-id")]).toEqual([status, expect.stringMatching(/^[\w-]{36}$/)]);
    // A call of the handler has the same id.
    for (const call of calls) expect(call.correlationId).toBe(made.headers.get("x-correlation-id"));
    await made.body?.cancel();
    const given = await send(path, { ...init, headers: { ...init.headers, "x-correlation-id": "c-1" } });
    expect([given.status, given.headers.get("x-correlation-id")]).toEqual([status, "c-1"]);
    await given.body?.cancel();
  });

  it("is in the body of every problem too", async () => {
    const { send } = open();
    for (const [, status, path, init] of requests.filter((one) => one[1] >= 400)) {
      const answer = await send(path, init);
      const body = (await answer.json()) as { correlationId?: string; errors?: { extensions: object }[] };
      const reported = body.errors?.[0]?.extensions ?? body;
      expect([status, reported]).toEqual([
        answer.status,
        expect.objectContaining({ correlationId: answer.headers.get("x-correlation-id") }),
      ]);
    }
  });
});

describe("a 401", () => {
  it.each([
    ["Bearer", undefined],
    ['Basic realm="shop"', 'Basic realm="shop"'],
  ])("contains a challenge: %s", async (expected, challenge) => {
    const set = challenge === undefined ? {} : { challenge };
    const { send } = open(() => Promise.reject(stranger), set);
    const over = [await send("/order"), await send("/feed"), await send("/graphql", ask("{ id }"))];
    expect(over.map(({ status, headers }) => [status, headers.get("www-authenticate")])).toEqual(
      over.map(() => [401, expected]),
    );
    expect((await send("/nope")).headers.get("www-authenticate")).toBeNull();
  });
});

describe("HEAD of a stream", () => {
  it("gets the response of GET without its body, and releases the stream", async () => {
    const { send, returned } = open();
    const get = await send("/feed");
    await get.body?.cancel();
    const head = await send("/feed", { method: "HEAD" });
    expect([head.status, await head.text()]).toEqual([200, ""]);
    const names = (answer: Response) => [...answer.headers.keys()];
    expect(names(head)).toEqual(names(get));
    expect(returned()).toBe(2);
  });

  it.each(["GET", "HEAD"])("is refused as GET is: %s", async (method) => {
    const strange = open(() => Promise.reject(stranger));
    expect((await strange.send("/feed", { method })).status).toBe(401);
    const forbidden = open(async () => ({ user: "nobody" }));
    expect((await forbidden.send("/feed", { method })).status).toBe(403);
    expect((await open().send("/feed?nope=1", { method })).status).toBe(400);
    expect((await open().send("/feed", { method, headers: { accept: "image/png" } })).status).toBe(406);
  });
});
