import { describe, expect, it } from "vitest";
import { formatPretty } from "../diagnostics/index.js";
import { compileProto, contract, diagnoseContract, diagnosticsOf } from "../testing/index.js";

const messages = `message PlaceOrderRequest { string order_id = 1; }
message PlaceOrderResponse {}
`;

const rpc = (name: string, options: string): string =>
  `  rpc ${name}(PlaceOrderRequest) returns (PlaceOrderResponse) { ${options} }\n`;

const service = (...rpcs: readonly string[]): string => `service OrderService {\n${rpcs.join("")}}\n`;

describe("OpenAPI options", () => {
  it("reports openapi-status", () => {
    const operation = (status: number) => `option (potter.v1.openapi_operation) = {status: ${status}};`;
    expect(diagnoseContract(service(rpc("PlaceOrder", operation(302))), messages)).toEqual([
      "shop.proto:6:116: error openapi-status: 302 is not a valid success status of PlaceOrder",
      `  ${rpc("PlaceOrder", operation(302)).trimEnd()}`,
      `${" ".repeat(117)}^^^`,
      "  hint: use 200, 201, 202 or 204; a streaming rpc always responds with 200",
    ]);
    expect(diagnoseContract(service(rpc("PlaceOrder", operation(204))), messages)).toEqual([]);
    const stream = `service S { rpc Watch(PlaceOrderRequest) returns (stream PlaceOrderResponse) { ${operation(201)} } }\n`;
    expect(diagnoseContract(stream, messages)[0]).toContain(
      "error openapi-status: 201 is not a valid success status of Watch",
    );
  });

  it("reports openapi-example", () => {
    const lines = diagnoseContract(`message PlaceOrderRequest {
  option (potter.v1.openapi_schema) = {example: '{"orderId": 1}'};
  string order_id = 1 [(potter.v1.openapi_field) = {example: "o1"}];
}
enum Status {
  option (potter.v1.openapi_enum) = {example: '"OPEN"'};
  STATUS_UNSPECIFIED = 0;
}
`);
    expect(lines.filter((line) => line.includes(": error "))).toEqual([
      'shop.proto:6:10: error openapi-example: "example" of PlaceOrderRequest is not a valid value: expected string, got 1',
      'shop.proto:7:24: error openapi-example: "example" of PlaceOrderRequest.order_id is not a valid value: it is not JSON',
      'shop.proto:10:10: error openapi-example: "example" of Status is not a valid value: "OPEN" is not a value of Status',
    ]);
    expect(lines).toContain("  hint: write the example as ProtoJSON in a string");
  });

  it("reports openapi-security", () => {
    const document = `option (potter.v1.openapi_document) = {security_schemes: {key: "bearer" value: {http: {scheme: "bearer"}}}};\n`;
    const asking = (scheme: string) =>
      rpc("PlaceOrder", `option (potter.v1.openapi_operation) = {security: {schemes: {scheme: "${scheme}"}}};`);
    expect(diagnoseContract(document, service(asking("baerer")), messages)[0]).toBe(
      'shop.proto:7:7: error openapi-security: PlaceOrder requires the security scheme "baerer", which the document does not declare',
    );
    expect(diagnoseContract(document, service(asking("baerer")), messages).at(-1)).toBe(
      '  hint: did you mean "bearer"?',
    );
    expect(diagnoseContract(service(asking("bearer")), messages).at(-1)).toBe(
      '  hint: declare it in "security_schemes" of option (potter.v1.openapi_document), or in the base document',
    );
    expect(diagnoseContract(document, service(asking("bearer")), messages)).toEqual([]);
  });

  it("reports openapi-name-collision", () => {
    const named = (name: string) => rpc(name, 'option (potter.v1.openapi_operation) = {operation_id: "place"};');
    expect(diagnoseContract(service(named("PlaceOrder"), named("PlaceAgain")), messages)).toEqual([
      'shop.proto:7:7: error openapi-name-collision: the operation name "place" of PlaceAgain is already taken',
      `  ${named("PlaceAgain").trimEnd()}`,
      `${" ".repeat(8)}${"^".repeat(10)}`,
      "  hint: choose another name in its OpenAPI option",
    ]);
    const both = 'option (google.api.http) = {get: "/a" additional_bindings {get: "/b"}};';
    expect(diagnoseContract(service(rpc("PlaceOrder", both), rpc("PlaceOrder_2", "")), messages)).toEqual([]);
    const schemas = `message PlaceOrderRequest { option (potter.v1.openapi_schema) = {name: "Place"}; }
message PlaceOrderResponse { option (potter.v1.openapi_schema) = {name: "Place"}; }
`;
    expect(diagnoseContract(service(rpc("PlaceOrder", "")), schemas)[0]).toBe(
      'shop.proto:9:9: error openapi-name-collision: the schema name "Place" of PlaceOrderResponse is already taken',
    );
  });

  it("reports openapi-name", () => {
    const named = (
      name: string,
    ) => `message PlaceOrderRequest { option (potter.v1.openapi_schema) = {name: "${name}"}; }
message PlaceOrderResponse {}
`;
    expect(diagnoseContract(service(rpc("PlaceOrder", "")), named("Place order"))).toEqual([
      'shop.proto:8:72: error openapi-name: "Place order" of PlaceOrderRequest is not a valid schema name',
      `    ${named("Place order").split("\n")[0]}`,
      `${" ".repeat(75)}${"^".repeat(13)}`,
      '  hint: use letters, digits, ".", "_" and "-" only',
    ]);
    expect(diagnoseContract(service(rpc("PlaceOrder", "")), named("Place.order-2"))).toEqual([]);
    const scheme = `option (potter.v1.openapi_document) = {security_schemes: {key: "my token" value: {http: {}}}};\n`;
    expect(diagnoseContract(scheme)[0]).toContain(
      ': error openapi-name: "my token" of shop.proto is not a valid security scheme name',
    );
  });

  it("reports openapi-body", () => {
    const binding = rpc("Remove", 'option (google.api.http) = {delete: "/v1/orders/{order_id}" body: "*"};');
    const request = compileProto({ "shop.proto": contract(service(binding) + messages) });
    expect(diagnosticsOf(request, "3.1")).toEqual([]);
    const lines = diagnosticsOf(request, "3.0");
    expect(formatPretty(lines).split("\n")).toEqual([
      expect.stringContaining(
        ": warning openapi-body: Remove has a body with DELETE, which tools ignore in OpenAPI 3.0: generated clients may not send it",
      ),
      "  hint: use the plugin option version=3.1 or version=3.2, or bind the rpc without a body",
    ]);
  });

  it("reports openapi-method", () => {
    const custom = (kind: string) =>
      rpc("PlaceOrder", `option (google.api.http) = {custom: {kind: "${kind}" path: "/v1/orders"} body: "*"};`);
    expect(diagnoseContract(service(custom("SEARCH")), messages)[0]).toContain(
      ": warning openapi-method: PlaceOrder is bound to SEARCH, which OpenAPI 3.1 cannot express: the document omits this binding",
    );
    expect(diagnoseContract(service(custom("SEARCH")), messages).at(-1)).toBe(
      "  hint: use the plugin option version=3.2",
    );
    expect(diagnoseContract(service(custom("*")), messages).at(-1)).toBe(
      "  hint: bind the rpc to each method that it accepts",
    );
  });
});
