import { describe, expect, it } from "vitest";
import { diagnose, diagnoseContract } from "../testing/index.js";

const messages = `message PlaceOrderRequest { string order_id = 1; }
message PlaceOrderResponse { repeated string lines = 1; }
`;

const rpc = (name: string, options: string, request = "PlaceOrderRequest"): string =>
  `  rpc ${name}(${request}) returns (PlaceOrderResponse) { ${options} }\n`;

const service = (...rpcs: readonly string[]): string => `service OrderService {\n${rpcs.join("")}}\n`;

const method = (options: string): string => `option (potter.v1.graphql_method) = {${options}};`;

const first = (...declarations: readonly string[]): string | undefined =>
  diagnoseContract(...declarations).find((line) => line.startsWith("shop.proto:"));

describe("GraphQL options", () => {
  it("reports graphql-name", () => {
    const lines = diagnoseContract(service(rpc("PlaceOrder", method('name: "place-order"'))), messages);
    expect(lines[0]).toBe(
      'shop.proto:6:75: error graphql-name: "place-order" of PlaceOrder is not a valid GraphQL name',
    );
    expect(lines[2]?.trim()).toMatch(/^\^+$/);
    expect(lines[3]).toBe('  hint: use letters, digits and "_", without a leading digit or "__"');
    const type =
      "message PlaceOrderRequest { option (potter.v1.graphql_type) = {input_name: '__Order'}; string id = 1; }\n";
    expect(first(service(rpc("PlaceOrder", "")), type, "message PlaceOrderResponse {}\n")).toContain(
      'error graphql-name: "__Order" of PlaceOrderRequest is not a valid GraphQL name',
    );
    const value = `enum Status { NONE = 0 [(potter.v1.graphql_value).name = "true"]; }\n`;
    const field = "message PlaceOrderResponse { Status status = 1; }\nmessage PlaceOrderRequest {}\n";
    expect(first(service(rpc("PlaceOrder", "")), value, field)).toContain(
      'error graphql-name: "true" of NONE is not a valid GraphQL name',
    );
  });

  it("reports graphql-name-collision of names set by options", () => {
    const twice = [rpc("PlaceOrder", method('name: "place"')), rpc("PlaceAgain", method('name: "place"'))];
    const lines = diagnoseContract(service(...twice), messages);
    expect(lines[0]).toMatch(
      /^shop\.proto:7:\d+: error graphql-name-collision: the GraphQL name "place" of PlaceAgain is already used by Mutation$/,
    );
    expect(lines.at(-1)).toBe("  hint: choose another name in its GraphQL option");
    const field = `message PlaceOrderResponse { string a = 1; string b = 2 [(potter.v1.graphql_field).name = "a"]; }\n`;
    expect(first(service(rpc("PlaceOrder", "")), field, "message PlaceOrderRequest {}\n")).toContain(
      'error graphql-name-collision: the GraphQL name "a" of b is already used by PlaceOrderResponse',
    );
  });

  it("warns of collisions of derived names, with the chosen name", () => {
    const header = (pkg: string) => `syntax = "proto3";\npackage ${pkg};\nimport "potter/v1/options.proto";\n`;
    const query = "option (potter.v1.query) = {};";
    const find = (pkg: string) =>
      `${header(pkg)}service S { rpc Get${pkg.toUpperCase()}(Q) returns (V) { ${query} } }\nmessage Q {}\nmessage V {}\n`;
    expect(diagnose({ "a.proto": find("a"), "b.proto": find("b") }).split("\n")[0]).toBe(
      'b.proto:6:9: warning graphql-name-collision: the GraphQL name "V" of V is already used by a.V; it is emitted as "BV"',
    );
    const get = (pkg: string) =>
      `${header(pkg)}service S${pkg}Service { rpc Get(Q${pkg}) returns (V${pkg}) { ${query} } }\nmessage Q${pkg} {}\nmessage V${pkg} {}\n`;
    expect(diagnose({ "a.proto": get("a"), "b.proto": get("b") }).split("\n")[0]).toBe(
      'b.proto:4:25: warning graphql-name-collision: the GraphQL name "get" of Get is already used by Query; it is emitted as "sbGet"',
    );
  });

  it.each([
    [
      "unwrap",
      method('unwrap: "items"'),
      '"unwrap" of PlaceOrder has no effect: PlaceOrderResponse has no field "items" outside of a oneof',
    ],
    [
      "connection",
      method("operation: GRAPH_QL_OPERATION_QUERY connection: true"),
      '"connection" of PlaceOrder has no effect: the rpc is not paged as in AIP-158, with a list of messages',
    ],
    [
      "batch_keys",
      method('operation: GRAPH_QL_OPERATION_QUERY batch_keys: "ids"'),
      '"batch_keys" of PlaceOrder has no effect: PlaceOrderRequest has no list of scalars "ids"',
    ],
  ])("reports graphql-option of %s", (_, options, message) => {
    const lines = diagnoseContract(service(rpc("PlaceOrder", options)), messages);
    expect(lines[0]).toMatch(/^shop\.proto:6:\d+: error graphql-option: /);
    expect(lines[0]).toContain(message);
    expect(lines.at(-1)).toBe("  hint: remove it, or fix the reason");
  });

  it("reports graphql-option of a stream, of types and of fields", () => {
    const stream = `service S { rpc Watch(PlaceOrderRequest) returns (stream PlaceOrderResponse) { ${method("operation: GRAPH_QL_OPERATION_QUERY")} } }\n`;
    expect(first(stream, messages)).toContain(
      '"operation" of Watch has no effect: its response is a stream, which only a subscription can deliver',
    );
    const typed = (options: string, body = "string order_id = 1;") =>
      `message PlaceOrderRequest { option (potter.v1.graphql_type) = {${options}}; ${body} }\nmessage PlaceOrderResponse {}\n`;
    expect(first(service(rpc("PlaceOrder", "")), typed("events: true"))).toContain(
      '"events" of PlaceOrderRequest has no effect: it is not an aggregate',
    );
    expect(first(service(rpc("PlaceOrder", "")), typed('key: "orderid"'))).toContain(
      '"key" of PlaceOrderRequest has no effect: PlaceOrderRequest has no field "orderid"; did you mean "order_id"?',
    );
    const reference = (type: string) =>
      `message PlaceOrderResponse { string sku = 1 [(potter.v1.graphql_field).reference = {type: "${type}"}]; }\nmessage PlaceOrderRequest { string id = 1; }\n`;
    expect(first(service(rpc("PlaceOrder", "")), reference("PlaceOrderRequest"))).toContain(
      '"reference" of PlaceOrderResponse.sku has no effect: no query looks up PlaceOrderRequest by a single-field key',
    );
    expect(first(service(rpc("PlaceOrder", "")), reference("PlaceOrderReqest"))).toContain(
      'error unknown-reference: cannot find a message named "PlaceOrderReqest" in this scope',
    );
  });

  it("reports graphql-locked-name", () => {
    const proto = (name: string) => `syntax = "proto3";
package graphql_locked_name_wrong;
service OrderService { rpc ${name}(Order) returns (Order); }
message Order { string id = 1; }
`;
    expect(diagnose({ "shop.proto": proto("GetOrder") })).toBe("");
    const message =
      ': error graphql-locked-name: the locked GraphQL name "Query.order" of graphql_locked_name_wrong.OrderService.GetOrder no longer exists';
    // Its service is what is left of it. Another file of the package comes first and has nothing to do with it.
    const others = { "books.proto": 'syntax = "proto3"; package graphql_locked_name_wrong; message Book {}' };
    expect(diagnose({ ...others, "shop.proto": proto("FindOrder") }).split("\n")).toEqual([
      `shop.proto:3:9${message}`,
      "    service OrderService { rpc FindOrder(Order) returns (Order); }",
      "            ^^^^^^^^^^^^",
      "  hint: restore the element or set the name in its GraphQL option; or accept the change with potter lock --accept",
    ]);
    // Nothing is left of it: no line is guessed.
    expect(diagnose(others).split("\n")[0]).toBe(`books.proto${message}`);
  });

  it("reports graphql-client-stream", () => {
    const upload = (options: string) =>
      `service S { rpc Upload(stream PlaceOrderRequest) returns (PlaceOrderResponse) { option (potter.v1.command) = {}; ${options} } }\n`;
    const lines = diagnoseContract(upload(""), messages);
    expect(lines[0]).toBe(
      "shop.proto:5:17: warning graphql-client-stream: the request of Upload is a stream, which GraphQL cannot express: the schema omits the rpc",
    );
    expect(lines.at(-1)).toBe("  hint: add option (potter.v1.graphql_method) = {ignore: true} to silence this warning");
    expect(diagnoseContract(upload(method("ignore: true")), messages)).toEqual([]);
  });
});
