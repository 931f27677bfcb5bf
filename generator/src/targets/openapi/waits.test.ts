// What documents say about an app with `waits()`.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { oas32 } from "openapi3-ts";
import { describe, expect, it } from "vitest";
import { compileProto, contract, documentOf, type OpenApiChoice, root } from "../../testing/index.js";

const text = `
message Order { option (potter.v1.aggregate) = {}; string order_id = 1; }
message OrderPlaced { option (potter.v1.event) = {aggregate: "Order"}; }
message OrderView { option (potter.v1.read_model) = {from: ["OrderPlaced"]}; string order_id = 1 [(potter.v1.field).id = true]; }
message PlaceOrder { string order_id = 1; }
message Placed {}
message Id { string order_id = 1; }
service Orders {
  rpc Place(PlaceOrder) returns (Placed) { option (potter.v1.command) = {aggregate: "Order" creates: true emits: ["OrderPlaced"]}; }
  rpc Drop(PlaceOrder) returns (Placed) { option (potter.v1.openapi_operation) = {status: 204}; }
  rpc Queue(PlaceOrder) returns (Placed) { option (potter.v1.openapi_operation) = {status: 202}; }
  rpc Follow(PlaceOrder) returns (stream Placed) { option (potter.v1.command) = {}; }
  rpc GetOrder(Id) returns (OrderView) { option (potter.v1.query) = {read_model: "OrderView"}; }
  rpc WatchOrder(Id) returns (stream OrderView) { option (potter.v1.query) = {read_model: "OrderView"}; }
}
`;

function read(source = text, choice: OpenApiChoice = {}): oas32.OpenAPIObject {
  return documentOf(compileProto({ "shop.proto": contract(source) }), { waits: "on", ...choice });
}

function operationOf({ paths }: oas32.OpenAPIObject, rpc: string): oas32.OperationObject {
  const found = Object.values(paths ?? {}).flatMap(({ get, post }) => [get, post]);
  const operation = found.find((one) => one?.operationId?.endsWith(`_${rpc}`));
  if (operation === undefined) throw new Error(`the document has no operation of ${rpc}`);
  return operation;
}

const namesOf = (items: object[] = []) =>
  items.flatMap((one) => ("$ref" in one ? [String(one.$ref).replace("#/components/parameters/", "")] : []));
const headersOf = (operation: oas32.OperationObject, status: number) =>
  Object.keys((operation.responses?.[status] as oas32.ResponseObject | undefined)?.headers ?? {});

const waits = ["Potter-After", "Potter-Wait", "Prefer"];
const reached = ["Potter-Position", "Potter-State", "Potter-Wait-Token", "Potter-Event", "Preference-Applied"];
const pending = ["Location", "Potter-Position", "Potter-State", "Potter-Wait-Token", "Preference-Applied"];

describe("without the option waits", () => {
  it("documents say nothing about waits", () => {
    expect(JSON.stringify(read(text, { waits: "off" }))).not.toMatch(/Potter-|"503"|"Prefer"|WaitService/);
  });
});

describe("with waits=on", () => {
  const document = read();

  it("a command has the headers that wait, and those that report it", () => {
    const place = operationOf(document, "Place");
    const own = ["Idempotency-Key", "If-Match", "Potter-Wait-For.shop.Orders"];
    expect(namesOf(place.parameters)).toEqual([...own, ...waits]);
    expect(headersOf(place, 200)).toEqual(["ETag", ...reached]);
    expect(place.responses?.["503"]).toEqual({ $ref: "#/components/responses/service-unavailable" });
  });

  it("a command whose wait is pending has its ordinary body, with 202 and the place where the wait is resumed", () => {
    const { responses } = operationOf(document, "Place");
    expect(responses?.["202"]).toMatchObject({
      description: "`Placed`: the command has taken effect, what `Potter-Wait-For` names is pending",
      links: { wait: { $ref: "#/components/links/wait" } },
    });
    expect(headersOf(operationOf(document, "Place"), 202)).toEqual(["ETag", ...pending]);
    expect(responses?.["202"].content).toEqual(responses?.["200"].content);
  });

  it("a command without a response body has none either while its wait is pending", () => {
    const { responses } = operationOf(document, "Drop");
    expect(Object.keys(responses ?? {}).slice(0, 2)).toEqual(["202", "204"]);
    expect(responses?.["202"]).not.toHaveProperty("content");
    expect(headersOf(operationOf(document, "Drop"), 202)).toEqual(pending);
  });

  it("a command whose success is 202 has one such response, with the headers of both", () => {
    const queue = operationOf(document, "Queue");
    expect(headersOf(queue, 202)).toEqual([...reached, "Location"]);
    expect(queue.responses?.["202"]).toMatchObject({ description: "`Placed`", links: {} });
    expect(queue.responses).not.toHaveProperty("200");
  });

  it("a query waits for positions, and reports nothing but that it is too early", () => {
    for (const rpc of ["GetOrder", "WatchOrder"]) {
      const query = operationOf(document, rpc);
      expect(namesOf(query.parameters)).toEqual(waits);
      expect(headersOf(query, 200)).toEqual([]);
      expect(query.responses).not.toHaveProperty("202");
      expect(query.responses?.["503"]).toEqual({ $ref: "#/components/responses/service-unavailable" });
    }
    expect(document.components?.responses?.["service-unavailable"]).toMatchObject({
      headers: { "Retry-After": { $ref: "#/components/headers/Retry-After" } },
    });
  });

  it("a command that answers with a stream does not wait", () => {
    const follow = operationOf(document, "Follow");
    expect(namesOf(follow.parameters)).toEqual([]);
    expect(Object.keys(follow.responses ?? {})).toEqual(["200", "400", "default"]);
  });

  it("names the read models and events for which a service waits", () => {
    expect(document.components?.parameters?.["Potter-Wait-For.shop.Orders"]).toMatchObject({
      name: "Potter-Wait-For",
      description: expect.stringMatching(/Read models: `OrderView`\. Events: `OrderPlaced`\.$/),
    });
  });

  it("names no events that no log keeps, and none that are hidden", () => {
    const ofState = read(
      text.replace("(potter.v1.aggregate) = {}", "(potter.v1.aggregate) = {persistence: PERSISTENCE_STATE}"),
    );
    expect(JSON.stringify(ofState.components?.parameters)).not.toContain("OrderPlaced");
    const hide = `option (google.api.message_visibility).restriction = "INTERNAL";`;
    const withHidden = text
      .replace("message OrderPlaced {", `message OrderPlaced { ${hide}`)
      .replace("message OrderView {", `message OrderView { ${hide}`);
    const source = `import "google/api/visibility.proto";\n${withHidden}`;
    expect(JSON.stringify(read(source).components?.parameters)).toContain("OrderPlaced");
    const restricted = read(source, { visibility: "" });
    expect(JSON.stringify(restricted.components?.parameters)).not.toMatch(/OrderPlaced|OrderView/);
  });

  it("names two events of one local name in full", () => {
    const other = `message Other { message OrderPlaced { option (potter.v1.event) = {aggregate: "Order"}; } }`;
    const source = text.replace('["OrderPlaced"]}; string', '["OrderPlaced", "Other.OrderPlaced"]}; string');
    expect(read(source + other).components?.parameters?.["Potter-Wait-For.shop.Orders"]).toMatchObject({
      description: expect.stringMatching(/Events: `shop\.OrderPlaced`, `shop\.Other\.OrderPlaced`\.$/),
    });
  });

  it("a service without read models waits for those of the app, which its contract does not name", () => {
    const { components } = read("message M {} service S { rpc Do(M) returns (M); }");
    expect(Object.keys(components?.parameters ?? {})).toEqual([
      "Potter-After",
      "Potter-Wait",
      "Potter-Wait-For",
      "Prefer",
    ]);
  });

  it("headers that the contract declares take precedence, whatever their case", () => {
    const options = `option (potter.v1.openapi_operation) = {
      request_headers: {name: "prefer" description: "Ours"} response_headers: {name: "potter-position" description: "Ours"}
    };`;
    const document = read(`message M {} service S { rpc Do(M) returns (M) { ${options} } }`);
    const { parameters = [] } = operationOf(document, "Do");
    expect(namesOf(parameters)).toEqual(["Potter-Wait-For", "Potter-After", "Potter-Wait"]);
    expect(parameters.at(-1)).toMatchObject({ name: "prefer", description: "Ours" });
    expect(headersOf(operationOf(document, "Do"), 200)).toEqual(["potter-position", ...reached.slice(1)]);
  });
});

describe("the operation at which waits are resumed", () => {
  const proto = readFileSync(join(root, "proto/potter/v1/waits.proto"), "utf8");

  it("is as waits.proto describes it, but for the headers that only it has", () => {
    const own = documentOf(compileProto({ "potter/v1/waits.proto": proto }), { waits: "off" });
    const { paths, components, tags } = read();
    const path = "/potter/v1/waits/{token}";
    const { parameters, ...operation } = paths?.[path]?.get ?? {};
    const { parameters: ownParameters, ...expected } = own.paths?.[path]?.get ?? {};
    expect(operation).toEqual(expected);
    expect(namesOf(parameters)).toEqual(["Potter-Wait", "Prefer"]);
    expect(parameters?.slice(0, 1)).toEqual(ownParameters);
    expect(components?.schemas).toMatchObject(own.components?.schemas ?? {});
    expect(tags).toEqual([expect.anything(), ...(own.tags ?? [])]);
  });

  it("is the target of the link of every pending response", () => {
    const { components, paths } = read();
    expect(components?.links?.["wait"]).toMatchObject({
      operationId: paths?.["/potter/v1/waits/{token}"]?.get?.operationId,
      parameters: { token: "$response.header.Potter-Wait-Token" },
    });
  });

  it("is absent where nothing waits: in a document of queries", () => {
    const document = read("message M {} service S { rpc GetIt(M) returns (M) { option (potter.v1.query) = {}; } }");
    expect(Object.keys(document.paths ?? {})).toEqual(["/shop.S/GetIt"]);
    expect(document.tags).toHaveLength(1);
    expect(document.components).not.toHaveProperty("links");
  });

  it("remains in a document that is filtered", () => {
    const { paths, tags } = read(text, { services: "Orders" });
    expect(Object.keys(paths ?? {})).toContain("/potter/v1/waits/{token}");
    expect(tags?.map(({ name }) => name)).toEqual(["Orders", "WaitService"]);
  });

  it("has an id of its own beside a service of that name", () => {
    const { paths, components } = read("message M {} service WaitService { rpc Wait(M) returns (M); }");
    const ids = Object.values(paths ?? {}).flatMap(({ get, post }) =>
      [get, post].flatMap((one) => one?.operationId ?? []),
    );
    expect(ids).toEqual(["WaitService_Wait", "potter_v1_WaitService_Wait"]);
    expect(components?.links?.["wait"]).toMatchObject({ operationId: "potter_v1_WaitService_Wait" });
  });

  it("answers 401 and 403 where callers must be authorized", () => {
    const base = JSON.stringify({
      security: [{ token: [] }],
      components: { securitySchemes: { token: { type: "http", scheme: "bearer" } } },
    });
    const { responses = {} } = read(text, { base }).paths?.["/potter/v1/waits/{token}"]?.get ?? {};
    expect(Object.keys(responses)).toEqual(["200", "400", "401", "403", "404", "default"]);
  });
});
