// The caller option: authenticates a request for all transports, before anything else of it is processed.
import { expect, it, vi } from "vitest";
import { defineService } from "../codegen/index.js";
import type { AnyMethod, CallContext } from "../cqrs/index.js";
import { PotterError } from "../errors/index.js";
import { compile } from "../message/fixture.test.proto.js";
import { es } from "../message/index.js";
import { protovalidate } from "../validation/index.js";
import type { AppOptions } from "./app-options.js";
import { createApp } from "./create-app.js";

const filled = { type: { case: "string", value: { minLen: 1n } } } as const;
const message = compile([
  { name: "Find", fields: ["string shop", { text: "string word", rules: filled }] },
  { name: "Found", fields: ["string text"] },
]);
const variable = { field: "shop", segments: ["*"] };
const method = {
  service: "test.v1.Shops",
  name: "Find",
  kind: "query",
  stream: "unary",
  request: es(message("Find")),
  response: es(message("Found")),
  http: [
    { method: "GET", path: "/{shop}/words", segments: [variable, "words"] },
    { method: "POST", path: "/{shop}/words", segments: [variable, "words"], body: "*" },
  ],
  errors: {},
  rules: protovalidate,
  tenant: ({ shop }: { shop: string }) => shop,
} as unknown as AnyMethod;
const list = {
  ...method,
  name: "List",
  http: [{ method: "GET", path: "/words", segments: ["words"] }],
} as unknown as AnyMethod;
const follow = {
  ...method,
  name: "Follow",
  stream: "server",
  http: [{ method: "GET", path: "/{shop}/events", segments: [variable, "events"] }],
} as unknown as AnyMethod;

function open(options: Partial<AppOptions> = {}, known: Partial<AnyMethod> = {}) {
  const handled = vi.fn();
  const service = defineService({
    typeName: "test.v1.Shops",
    methods: { find: { ...method, ...known }, list, follow },
    errors: {},
    views: () => ({}),
  } as unknown as Parameters<typeof defineService>[0]);
  const find = (_: unknown, { tenant, user, metadata }: CallContext) => {
    handled(tenant, user);
    return { text: `${tenant}/${user}/${metadata["plan"] ?? ""}` };
  };
  async function* items(_: unknown, ctx: CallContext) {
    yield find(_, ctx);
  }
  const app = createApp({ parts: [service.queries({ find, list: find, follow: items } as never)], ...options });
  const send = async (path: string, headers: Record<string, string> = {}, init: RequestInit = {}) => {
    const response = await app.fetch(new Request(`http://shop${path}`, { headers, ...init }));
    const text = await response.text();
    return { status: response.status, body: text.startsWith("{") ? JSON.parse(text) : text, headers: response.headers };
  };
  return { app, send, handled };
}

const caller: AppOptions["caller"] = async (request) => {
  const user = request.header("x-user");
  if (user === undefined) throw new PotterError("unauthenticated", "sign in first");
  if (user === "mallory") throw new PotterError("permission_denied", "not you");
  const tenants = request.header("x-tenants");
  if (tenants !== undefined) return { user, tenants: tenants === "any" ? "any" : tenants.split(",") };
  const tenant = request.header("x-tenant");
  return { user, metadata: { plan: "free" }, ...(tenant !== undefined && { tenant }) };
};

it("binds user, tenant and metadata of the calls of a request", async () => {
  const { send } = open({ caller });
  const headers = { "x-user": "ada", "x-tenant": "north" };
  expect((await send("/north/words?word=tea", headers)).body).toEqual({ text: "north/ada/free" });
  // A request without a tenant gets that of its caller.
  expect((await send("/words?word=tea", headers)).body).toEqual({ text: "north/ada/free" });
});

it.each([
  ["another tenant than its caller's", { "x-tenant": "north" }, "/south/words?word=tea"],
  ["a tenant while its caller has none", {}, "/south/words?word=tea"],
  ["no tenant while its caller has none", {}, "/words?word=tea"],
  ["a tenant that its caller may not use", { "x-tenants": "north,east" }, "/south/words?word=tea"],
  ["none of its caller's several tenants", { "x-tenants": "north,east" }, "/words?word=tea"],
])("refuses a request that names %s", async (_, headers, path) => {
  const { send, handled } = open({ caller });
  const refused = await send(path, { "x-user": "ada", ...headers });
  expect(refused).toMatchObject({ status: 403, body: { code: "permission_denied" } });
  expect(handled).not.toHaveBeenCalled();
});

it("lets a request name one of its caller's tenants, or any tenant if the caller may use all", async () => {
  const { send, handled } = open({ caller });
  await send("/south/words?word=tea", { "x-user": "ada", "x-tenants": "north,south" });
  await send("/west/words?word=tea", { "x-user": "ops", "x-tenants": "any" });
  expect(handled.mock.calls).toEqual([
    ["south", "ada"],
    ["west", "ops"],
  ]);
  expect(await send("/words?word=tea", { "x-user": "ops", "x-tenants": "any" })).toMatchObject({ status: 400 });
});

it("runs before the body is read and before the request is validated", async () => {
  const { send } = open({ caller });
  const json = { "content-type": "application/json" };
  const invalid: readonly (readonly [string, RequestInit])[] = [
    ["/north/words?word=", {}],
    ["/north/words?colour=red", {}],
    ["/north/words", { method: "POST", body: "{", headers: json }],
    ["/north/words", { method: "POST", body: '{"wor":1}', headers: json }],
    ["/north/words", { method: "POST", body: "x", headers: { "content-type": "text/plain" } }],
    ["/north/words", { method: "POST", body: "x".repeat(2 ** 20 + 1), headers: json }],
    ["/north/events?word=", { method: "HEAD" }],
  ];
  for (const [path, init] of invalid) {
    const headers = { accept: "image/png", ...(init.headers as Record<string, string>) };
    const { status, body } = await send(path, {}, { ...init, headers });
    expect([path, status]).toEqual([path, 401]);
    if (init.method !== "HEAD") expect(body).toMatchObject({ detail: "sign in first" });
  }
  let read = false;
  const body = new ReadableStream(
    {
      pull() {
        read = true;
      },
    },
    { highWaterMark: 0 },
  );
  const init = { method: "POST", body, duplex: "half", headers: { ...json, "x-user": "mallory" } } as RequestInit;
  expect(await send("/north/words", {}, init)).toMatchObject({ status: 403, body: { detail: "not you" } });
  expect(read).toBe(false);
});

it("runs before the middleware, which runs before validation", async () => {
  const seen: unknown[] = [];
  const { send, handled } = open({
    caller,
    middleware: [
      () => (call, next) => {
        seen.push([call.context.user, call.context.tenant]);
        if (call.context.user === "eve") throw new PotterError("permission_denied", "not words");
        return next(call);
      },
    ],
  });
  expect(await send("/north/words?word=", { "x-user": "eve", "x-tenant": "north" })).toMatchObject({
    status: 403,
    body: { detail: "not words" },
  });
  expect(await send("/north/words?word=", { "x-user": "ada", "x-tenant": "north" })).toMatchObject({
    status: 400,
    body: { violations: [{ field: "word" }] },
  });
  await send("/north/words?word=", {});
  await send("/south/words?word=", { "x-user": "ada", "x-tenant": "north" });
  expect(seen).toEqual([
    ["eve", "north"],
    ["ada", "north"],
  ]);
  expect(handled).not.toHaveBeenCalled();
});

it("answers 500 without details if it throws an unexpected error or returns an invalid value", async () => {
  const error = vi.fn();
  const logger = { debug() {}, info() {}, warn() {}, error };
  for (const wrong of [
    () => Promise.reject(new Error("secret")),
    () => ({ tenant: 7 }),
    () => ({ tenants: "north" }),
  ]) {
    const { send } = open({ caller: wrong as never, logger });
    const { status, body } = await send("/north/words?word=tea");
    expect([status, body.detail]).toEqual([500, "the server failed to answer"]);
  }
  expect(error).toHaveBeenCalledTimes(3);
});

it.each([
  "ada",
  true,
  { user: 7 },
  { user: "ada", tenants: ["north", 7] },
  { user: "ada", tenants: "north" },
  { user: "ada", metadata: { plan: 7 } },
  { user: "ada", metadata: "free" },
  { user: "ada", metadata: null },
])("answers 500 for an invalid result %j", async (given) => {
  const error = vi.fn();
  const logger = { debug() {}, info() {}, warn() {}, error };
  const { send, handled } = open({ caller: () => given as never, logger });
  expect((await send("/words?word=tea", { "x-user": "ada" })).status).toBe(500);
  expect(String(error.mock.lastCall?.[1].error)).toMatch(/^Error: caller returned /);
  expect(handled).not.toHaveBeenCalled();
});

it("yields an unknown caller if it returns nothing", async () => {
  const { send, handled } = open({ caller: () => undefined });
  expect(await send("/north/words?word=tea")).toMatchObject({ status: 403 });
  expect(handled).not.toHaveBeenCalled();
});

it("does not apply to the methods of the app, which require a tenant where the contract has tenants", async () => {
  const { app } = open();
  const aggregate = { definition: { type: "order" } };
  for (const call of [
    () => app.history(aggregate, "a"),
    () => app.eraseSubject("ada"),
    () => app.readmitSubject("ada"),
  ]) {
    await expect(call()).rejects.toMatchObject({
      code: "invalid_argument",
      message: expect.stringMatching(/^app\.\w+ needs a tenant .* last argument/),
    });
  }
  for (const tenant of ["north", ""]) {
    await expect(app.history(aggregate, "a", tenant)).rejects.toMatchObject({
      code: "failed_precondition",
      message: "this app knows no events: add the decider of the aggregate to its parts",
    });
  }
});

it("does not apply to calls within the process", async () => {
  const { app } = open({ caller }, {});
  const { response } = await app.dispatch(list, list.request.create({ shop: "north", word: "tea" }));
  expect(response).toMatchObject({ text: "north//" });
});

it("does not run for preflight requests and unknown paths", async () => {
  const { send } = open({ caller });
  expect((await send("/words", {}, { method: "OPTIONS" })).status).toBe(204);
  expect((await send("/nothing")).status).toBe(404);
});

it("marks responses that clients may cache as private to their caller", async () => {
  const { send } = open({ caller }, { cacheTtl: 60_000 });
  const headers = { "x-user": "ada", "x-tenant": "north" };
  const kept = await send("/north/words?word=tea", headers);
  expect(kept.headers.get("cache-control")).toBe("private, max-age=60");
  expect(kept.headers.get("vary")).toBe("accept, authorization, cookie, potter-after");
  const fresh = await send("/words?word=tea", headers);
  expect([fresh.headers.get("cache-control"), fresh.headers.get("vary")]).toEqual(["no-store", null]);
});
