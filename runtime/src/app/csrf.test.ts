// CSRF protection and CORS: the same rules for everything that an app serves over HTTP.
import { buildSchema } from "graphql";
import { expect, it, vi } from "vitest";
import { defineService } from "../codegen/index.js";
import type { AnyMethod } from "../cqrs/index.js";
import type { HttpOptions } from "../http/index.js";
import { compile } from "../message/fixture.test.proto.js";
import { es } from "../message/index.js";
import { graphql } from "../transport/graphql/index.js";
import { rest } from "../transport/rest/index.js";
import { createApp } from "./create-app.js";

const message = compile([{ name: "Text", fields: ["string text"] }]);
const text = es(message("Text"));
const command = {
  service: "test.v1.Shop",
  name: "Ship",
  kind: "command",
  stream: "unary",
  request: text,
  response: text,
  http: [
    { method: "POST", path: "/ship", segments: ["ship"], body: "*" },
    { method: "POST", path: "/ship-all", segments: ["ship-all"] },
    { method: "DELETE", path: "/ship", segments: ["ship"] },
    { method: "GET", path: "/ship-by-link", segments: ["ship-by-link"] },
  ],
  errors: {},
} as unknown as AnyMethod;
const query = { ...command, name: "See", kind: "query", http: [{ method: "GET", path: "/see", segments: ["see"] }] };

function open(http?: HttpOptions) {
  const shipped = vi.fn();
  const service = defineService({
    typeName: "test.v1.Shop",
    methods: { ship: command, see: query },
    errors: {},
    views: () => ({}),
  } as unknown as Parameters<typeof defineService>[0]);
  const ship = () => {
    shipped();
    return {};
  };
  const parts = [service.commands({ ship } as never), service.queries({ see: () => ({}) } as never)];
  const schema = buildSchema("type Query { see: Int } type Mutation { ship: Int }");
  const mutation = schema.getMutationType()?.getFields()["ship"];
  if (mutation !== undefined) mutation.resolve = ship;
  const app = createApp({ parts, transports: [rest(), graphql({ schema })], ...(http && { http }) });
  const send = (method: string, path: string, headers: Record<string, string> = {}, body?: Blob | string) =>
    app.fetch(new Request(`https://shop.test${path}`, { method, headers, ...(body !== undefined && { body }) }));
  return { app, send, shipped };
}

const json = { "content-type": "application/json" };
type Change = readonly [method: string, path: string, headers: Record<string, string>, body?: string];
const changes: readonly Change[] = [
  ["POST", "/ship", json, "{}"],
  ["POST", "/ship", {}],
  ["POST", "/ship-all", {}],
  ["DELETE", "/ship", {}],
  ["GET", "/ship-by-link", {}],
  ["POST", "/graphql", json, JSON.stringify({ query: "mutation { ship }" })],
];
const evil = "https://evil.test";
const partner = "https://partner.test";

it.each(changes.map((change) => [change]))(
  "refuses a change by a page of another site: %j",
  async ([method, path, headers, body]) => {
    for (const from of [
      { "sec-fetch-site": "cross-site" },
      { "sec-fetch-site": "cross-site", origin: evil },
      { "sec-fetch-site": "same-site", origin: "https://other.shop.test" },
      { origin: evil },
      { origin: "null" },
      { origin: "http://shop.test:8080" },
    ] as Record<string, string>[]) {
      const { send, shipped } = open();
      const refused = await send(method, path, { ...headers, ...from }, body);
      expect([from, refused.status]).toEqual([from, 403]);
      expect(await refused.json()).toMatchObject({ detail: expect.stringContaining("http.cors") });
      expect(shipped).not.toHaveBeenCalled();
    }
  },
);

it.each(changes.map((change) => [change]))(
  "accepts a change by any other client: %j",
  async ([method, path, headers, body]) => {
    for (const from of [
      {},
      { "sec-fetch-site": "same-origin", origin: "https://shop.test" },
      { "sec-fetch-site": "none" },
      { origin: "https://shop.test" },
    ] as Record<string, string>[]) {
      const { send, shipped } = open();
      expect([from, (await send(method, path, { ...headers, ...from }, body)).status]).toEqual([from, 200]);
      expect(shipped).toHaveBeenCalledOnce();
    }
  },
);

it("lets pages of origins in CORS change data, with cookies only if credentials are on", async () => {
  const from = { "sec-fetch-site": "cross-site", origin: partner };
  for (const [cors, headers, status] of [
    [{ origins: [partner] }, from, 200],
    [{ origins: [partner] }, { ...from, cookie: "session=1" }, 403],
    [{ origins: [partner], credentials: true }, { ...from, cookie: "session=1" }, 200],
    [{ origins: [partner], credentials: true }, { ...from, origin: evil }, 403],
    [{ origins: "*" }, from, 200],
    [{ origins: "*" }, { ...from, cookie: "session=1" }, 403],
  ] as const) {
    for (const [method, path, own, body] of changes) {
      const { send, shipped } = open({ cors });
      const answer = await send(method, path, { ...own, ...headers }, body);
      expect([cors, headers, path, answer.status]).toEqual([cors, headers, path, status]);
      expect(shipped).toHaveBeenCalledTimes(status === 200 ? 1 : 0);
      if (status === 200) expect(answer.headers.get("access-control-allow-origin")).not.toBeNull();
    }
  }
});

it("answers reads of every page: browsers do not show it the response", async () => {
  const { send } = open();
  const read = await send("GET", "/see", { "sec-fetch-site": "cross-site", origin: evil });
  expect([read.status, read.headers.get("access-control-allow-origin")]).toEqual([200, null]);
});

it("adds the same CORS headers to REST, GraphQL and errors", async () => {
  const { send } = open({ cors: { origins: [partner] } });
  const preflight = { origin: partner, "access-control-request-method": "POST" };
  for (const path of ["/ship", "/graphql"]) {
    const allowed = await send("OPTIONS", path, preflight);
    expect([path, allowed.headers.get("access-control-allow-methods")]).toEqual([path, expect.stringMatching(/POST/)]);
    const foreign = await send("OPTIONS", path, { ...preflight, origin: evil });
    expect(foreign.headers.get("access-control-allow-origin")).toBeNull();
  }
  const nothing = await send("GET", "/nothing", { origin: partner });
  expect([nothing.status, nothing.headers.get("access-control-allow-origin")]).toEqual([404, partner]);
});

it.each(["", "text/plain", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded", "json", ";", "a/b"])(
  "refuses a body of the type %j",
  async (type) => {
    for (const path of ["/ship", "/graphql"]) {
      const { send, shipped } = open();
      // A Blob without a type is sent without one.
      const headers = type === "" ? {} : { "content-type": type };
      const refused = await send("POST", path, headers, new Blob(['{"query":"mutation{ship}"}']));
      expect([path, refused.status]).toEqual([path, 415]);
      expect(shipped).not.toHaveBeenCalled();
    }
  },
);

it("serves the configured hosts only", async () => {
  const { send } = open({ hosts: ["shop.test", "localhost:8080", "[::1]"] });
  for (const [host, status] of [
    ["shop.test", 200],
    ["SHOP.test:8443", 200],
    ["localhost:8080", 200],
    ["localhost:9090", 421],
    ["localhost", 421],
    ["[::1]:80", 200],
    ["rebound.evil.test", 421],
    ["shop.test.evil.test", 421],
    ["", 421],
  ] as const) {
    for (const path of ["/see", "/nothing"]) {
      const answer = await send("GET", path, { host });
      expect([host, path, answer.status]).toEqual([host, path, status === 200 && path === "/nothing" ? 404 : status]);
    }
  }
});

it("includes the correlation id in the body of refused requests", async () => {
  const { app, send } = open({ hosts: ["shop.test"] });
  const answers = [
    await send("GET", "/see", { host: "evil.test" }),
    await send("POST", "/ship", { host: "shop.test", origin: evil, "content-type": "application/json" }, "{}"),
  ];
  await app.stop();
  answers.push(await send("GET", "/see", { host: "shop.test" }));
  expect(answers.map(({ status }) => status)).toEqual([421, 403, 503]);
  for (const answer of answers) {
    const { correlationId } = (await answer.json()) as { correlationId?: string };
    expect(correlationId).toBe(answer.headers.get("x-correlation-id"));
  }
});

it.each([[[]], [["https://shop.test"]], [["shop.test/"]], [[""]], [["*.shop.test"]]])(
  "does not take %j for hosts",
  (hosts) => {
    expect(() => open({ hosts })).toThrow(/^http\.hosts (is empty|has)/);
  },
);
