import { describe, expect, it } from "vitest";
import { generate } from "../../pipeline/index.js";
import { compileProto, contract, emitClients, root, type Texts } from "../../testing/index.js";
import { createTranspiler } from "../../transpiler/index.js";
import { client } from "./index.js";

const shared = `
message Order { option (potter.v1.aggregate) = {}; string order_id = 1; }
message Request { string order_id = 1; Request inner = 2; }
message Response { string order_id = 1; }
`;

const emit = (services: string): Texts => emitClients(compileProto({ "shop.proto": contract(shared + services) }));

/** The client of a service with these rpcs. */
const ofRpcs = (...rpcs: readonly string[]): string =>
  emit(`service Orders { ${rpcs.join("\n")} }`)["shop_client.ts"] ?? "";

/** The value of a property of each method, as it is printed. */
const valuesOf = (text: string, property: string): readonly string[] =>
  Array.from(text.matchAll(new RegExp(`^ {2}${property}: (.*),$`, "gm")), ([, value = ""]) => value);

describe("repeat", () => {
  const rpc = (options = "", types = "(Request) returns (Response)") => {
    const body = options === "" ? ";" : `{ ${options} }`;
    const text = ofRpcs(`rpc Do${types} ${body}`);
    const factory = /@__PURE__ \*\/ (\w+)\(/.exec(text)?.[1] ?? "";
    const takenForGranted = /^(?:query|pagedQuery)$/.test(factory) || isQueryStream(factory, text) ? "safe" : "never";
    const printed = valuesOf(text, "repeat");
    // What the factory takes for granted is not said again.
    expect(printed).not.toContain(`"${takenForGranted}"`);
    return printed[0] ?? `"${takenForGranted}"`;
  };
  const isQueryStream = (factory: string, text: string) =>
    factory === "serverStream" && valuesOf(text, "kind").length === 0;
  const aggregate = 'option (potter.v1.command) = {aggregate: "Order"};';

  it.each([
    ["a query", ["option (potter.v1.query) = {};"], "safe"],
    ["a method without side effects", ["option idempotency_level = NO_SIDE_EFFECTS;"], "safe"],
    ["a command of an aggregate", [aggregate], "keyed"],
    ["a command that is a function", ["option (potter.v1.command) = {};"], "keyed"],
    ["an idempotent command", [`${aggregate} option idempotency_level = IDEMPOTENT;`], "safe"],
    ["a query with a stream", ["option (potter.v1.query) = {};", "(Request) returns (stream Response)"], "safe"],
    ["a command with a stream", ["", "(Request) returns (stream Response)"], "never"],
    ["a stream of requests", ["", "(stream Request) returns (Response)"], "never"],
    [
      "an idempotent stream of requests",
      ["option idempotency_level = IDEMPOTENT;", "(stream Request) returns (Response)"],
      "never",
    ],
  ])("of %s", (_, [options, types], repeat) => {
    expect(rpc(options, types)).toBe(`"${repeat}"`);
  });
});

describe("http", () => {
  const http = (rule: string) =>
    valuesOf(ofRpcs(`rpc Do(Request) returns (Response) { option (google.api.http) = {${rule}}; }`), "http");

  it.each([
    ['get: "/v1/{order_id}"', ', maps: ["byLabel", "filter.counts"]'],
    ['put: "/v1/{order_id}" body: "filter"', ', body: "filter", maps: ["byLabel"]'],
    ['post: "/v1/{order_id}" body: "by_label"', ', body: "byLabel", maps: ["filter.counts"]'],
    ['post: "/v1/{order_id}" body: "*"', ', body: "*"'],
  ])("names the maps that go into the query string: %s", (rule, printed) => {
    const messages = `
      message Search {
        string order_id = 1;
        map<string, string> by_label = 2;
        Filter filter = 3;
        repeated Filter filters = 4;
      }
      message Filter { map<string, int64> counts = 1; Search within = 2; }
    `;
    const rpc = `rpc Do(Search) returns (Response) { option (google.api.http) = {${rule}}; }`;
    const text = emit(`${messages} service Orders { ${rpc} }`)["shop_client.ts"] ?? "";
    expect(valuesOf(text, "http")[0]).toMatch(/^\{ method: "\w+", path: "\/v1\/\{orderId\}"/);
    expect(valuesOf(text, "http")[0]).toContain(`orderId}"${printed} }`);
  });

  it.each([
    ['get: "/v1/{order_id}"', '{ method: "GET", path: "/v1/{orderId}" }'],
    ['get: "/v1/{inner.order_id}"', '{ method: "GET", path: "/v1/{inner.orderId}" }'],
    ['get: "/v1/{order_id=a/*/b/**}:go"', '{ method: "GET", path: "/v1/{orderId=a/*/b/**}:go" }'],
    ['put: "/v1" body: "order_id"', '{ method: "PUT", path: "/v1", body: "orderId" }'],
    [
      'post: "/v1" body: "*" response_body: "order_id"',
      '{ method: "POST", path: "/v1", body: "*", responseBody: "orderId" }',
    ],
    ['custom: {kind: "LOCK" path: "/v1"}', '{ method: "LOCK", path: "/v1" }'],
    ['get: "/v1/*/x" additional_bindings: {post: "/v2"}', '{ method: "POST", path: "/v2" }'],
    ['custom: {kind: "*" path: "/v1"} additional_bindings: {post: "/v2"}', '{ method: "POST", path: "/v2" }'],
  ])("of %s", (rule, printed) => {
    expect(http(rule)).toEqual([printed]);
  });

  it("is left out if no binding says what to send", () => {
    expect(http('get: "/v1/**"')).toEqual([]);
  });
});

describe("names", () => {
  it("of methods in later services have the service in front, and objects the short ones", () => {
    const text = emit(`
service Orders { rpc Get(Request) returns (Response); }
service Refunds { rpc Get(Request) returns (Response); rpc Then(Request) returns (Response); }`)["shop_client.ts"];
    expect(text?.match(/^export const \w+/gm)).toEqual([
      "export const get",
      "export const Orders",
      "export const refundsGet",
      "export const then",
      "export const Refunds",
    ]);
    // An object with a method "then" would be taken for a promise.
    expect(text).toContain("  get: refundsGet,\n  then$: then,\n");
  });
});

describe("files", () => {
  it("have the types that something public contains, and no others", () => {
    const files = emit(`
message Used { int64 at = 1 [deprecated = true]; }
message Unused { Used used = 1; }
message Placed { option (potter.v1.event) = {}; Used used = 1; }
message Kept { option (potter.v1.event) = {}; }
message State { option (potter.v1.aggregate) = {persistence: PERSISTENCE_STATE}; string state_id = 1; }
service Orders {
  rpc Place(Request) returns (Response) { option (potter.v1.command) = {aggregate: "Order" emits: "Placed"}; }
  rpc Keep(State) returns (Response) { option (potter.v1.command) = {aggregate: "State" emits: "Kept"}; }
}`);
    expect(Object.keys(files)).toEqual(["shop_client.ts", "shop_messages.ts"]);
    expect(files["shop_messages.ts"]?.match(/^export \w+ \w+/gm)).toEqual([
      "export interface Request",
      "export interface Response",
      "export interface Used",
      "export interface Placed",
      "export interface State",
    ]);
    // Events of an aggregate that stores its state alone are not stored.
    expect(files["shop_client.ts"]?.match(/eventType\(.*\)/g)).toEqual(['eventType("shop.Placed")']);
    expect(files["shop_messages.ts"]).toContain(
      "  /**\n   * A 64-bit integer as text.\n   *\n   * @deprecated\n   */\n  readonly at?: string;",
    );
  });

  it("may be JavaScript, from which bundlers drop unused methods too", async () => {
    const request = compileProto({
      "shop.proto": contract(`${shared} service Orders { rpc Get(Request) returns (Response); }`),
    });
    const options = { target: "js+dts" };
    const { files } = generate(request, [{ target: client, options }], "test", createTranspiler(root));
    expect(files.map(({ name }) => name)).toEqual([
      "shop_client.d.ts",
      "shop_client.js",
      "shop_messages.d.ts",
      "shop_messages.js",
    ]);
    expect(files[1]?.content).toContain("export const get = /* @__PURE__ */ query({");
    expect(files[0]?.content).toContain("export declare const get: Query<Request, Response>;");
  });
});
