import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { catalogue, formatPretty } from "../diagnostics/index.js";
import { analyse } from "../pipeline/index.js";
import { compileProto, diagnose, diagnoseContract, type ProtoFiles } from "../testing/index.js";

const root = join(import.meta.dirname, "../../..");
const codes = Object.keys(catalogue).sort();

describe("the catalogue", () => {
  it("has a test of the exact text of each code next to the rules, or to what reads options of Go Potter", () => {
    const folders = [import.meta.dirname, join(import.meta.dirname, "../legacy")];
    const texts = folders
      .flatMap((folder) => readdirSync(folder).map((file) => join(folder, file)))
      .filter((file) => file.endsWith(".test.ts") && file !== import.meta.filename)
      .map((file) => readFileSync(file, "utf8"))
      .join("\n");
    expect(
      Object.entries(catalogue).flatMap(([code, { severity }]) =>
        texts.includes(`: ${severity} ${code}: `) ? [] : [code],
      ),
    ).toEqual([]);
  });

  it("has a page for each code, and no page without a code", () => {
    const pages = readdirSync(join(root, "docs/diagnostics")).filter((file) => file.endsWith(".md"));
    expect(pages.map((file) => file.slice(0, -3)).sort()).toEqual(codes);
    const titles = pages.map((file) => readFileSync(join(root, "docs/diagnostics", file), "utf8").split("\n")[0]);
    expect(titles.sort()).toEqual(codes.map((code) => `# ${code}`));
  });
});

describe("a contract", () => {
  it("gets all errors reported together, ordered by file and line", () => {
    const files = {
      "b.proto": `syntax = "proto3";
package b;
import "a.proto";
import "potter/v1/options.proto";
message View { option (potter.v1.read_model) = {}; string id = 1; }
message Gone { option (potter.v1.aggregate) = {}; }
`,
      "a.proto": `syntax = "proto3";
package a;
import "potter/v1/options.proto";
service Orders {
  rpc Drop(Order) returns (Order) { option (potter.v1.command) = {aggregate: "Ordr" fails_with: "Nope"}; }
  rpc Cancel(Order) returns (Order) { option (potter.v1.command) = {emits: "Cancelled" timeout: {}}; }
}
message Cancelled { option (potter.v1.event) = {}; }
message Order { option (potter.v1.aggregate) = {}; bytes order_id = 1; }
`,
    };
    expect(diagnose(files).split("\n")).toEqual([
      'a.proto:5:78: error unknown-reference: cannot find an aggregate named "Ordr" in this scope',
      '    rpc Drop(Order) returns (Order) { option (potter.v1.command) = {aggregate: "Ordr" fails_with: "Nope"}; }',
      `${" ".repeat(79)}^^^^^^`,
      '  hint: did you mean "Order"?',
      'a.proto:5:97: error unknown-reference: cannot find an error named "Nope" in this scope',
      '    rpc Drop(Order) returns (Order) { option (potter.v1.command) = {aggregate: "Ordr" fails_with: "Nope"}; }',
      `${" ".repeat(98)}^^^^^^`,
      "a.proto:6:46: error events-without-aggregate: Cancel emits events but addresses no aggregate",
      '    rpc Cancel(Order) returns (Order) { option (potter.v1.command) = {emits: "Cancelled" timeout: {}}; }',
      `${" ".repeat(47)}${"^".repeat(54)}`,
      '  hint: set "aggregate" in its option (potter.v1.command), or in option (potter.v1.service) of its service',
      'a.proto:6:88: error negative-duration: "timeout" of Cancel is not a positive duration',
      '    rpc Cancel(Order) returns (Order) { option (potter.v1.command) = {emits: "Cancelled" timeout: {}}; }',
      `${" ".repeat(89)}^^^^^^^`,
      "  hint: set it to more than zero seconds, or remove it for the default",
      "a.proto:9:58: error id-type: Order.order_id cannot be an id: expected a singular string or integer outside of any oneof",
      "    message Order { option (potter.v1.aggregate) = {}; bytes order_id = 1; }",
      `${" ".repeat(61)}^^^^^^^^`,
      "  hint: change the type of the field, or mark another field as id",
      "b.proto:5:23: error read-model-without-events: View is built from no event",
      "    message View { option (potter.v1.read_model) = {}; string id = 1; }",
      `${" ".repeat(26)}^^^^^^^^^^^^^^^^^^^^^^^^^^^`,
      '  hint: name the events that change it in "from"',
      'b.proto:6:9: error aggregate-without-id: Gone has no id: no field is marked as id or named "gone_id" or "id"',
      "    message Gone { option (potter.v1.aggregate) = {}; }",
      "            ^^^^",
      "  hint: mark a field with [(potter.v1.field).id = true]",
    ]);
  });

  it("without errors gets no diagnostics", () => {
    const right = `
service OrderService {
  option (potter.v1.service) = {aggregate: "Order"};
  rpc PlaceOrder(PlaceOrderRequest) returns (PlaceOrderResponse) {
    option (potter.v1.command) = {creates: true emits: "OrderPlaced" fails_with: "OrderClosed" timeout: {seconds: 5}};
    option (google.api.http) = {post: "/v1/orders" body: "*"};
  }
  rpc GetOrder(GetOrderRequest) returns (OrderView) {
    option (potter.v1.query) = {read_model: "OrderView" cache_ttl: {seconds: 1}};
    option (google.api.http) = {get: "/v1/orders/{order_id}"};
  }
}
message PlaceOrderRequest { string tenant = 1 [(potter.v1.field).tenant = true]; }
message PlaceOrderResponse { string order_id = 1; }
message GetOrderRequest { string order_id = 1; }
message Order { option (potter.v1.aggregate) = {}; string order_id = 1; }
message OrderPlacedV1 { option (potter.v1.event) = {type: "placed" superseded_by: "OrderPlaced"}; }
message OrderPlaced { option (potter.v1.event) = {type: "placed" version: 2}; string id = 1; }
message OrderClosed { option (potter.v1.error) = {code: CODE_ABORTED}; }
message OrderView { option (potter.v1.read_model) = {from: "OrderPlaced"}; string order_id = 1 [(potter.v1.field).id = true]; }
message Shipping {
  option (potter.v1.saga) = {
    starts_on: "OrderPlaced"
    step {name: "place" command: "OrderService.PlaceOrder" no_compensation: true}
    step {name: "again" wait_for: "OrderPlaced" after: "place" timeout: {seconds: 1}}
  };
  string id = 1;
}
`;
    expect(diagnoseContract(right)).toEqual([]);
  });

  it("without annotations gets no diagnostics", () => {
    const plain = `
service Greeter {
  rpc Greet(Greeting) returns (Greeting);
  rpc GetGreeting(Greeting) returns (stream Greeting);
  rpc Chat(stream Greeting) returns (stream Greeting);
}
message Greeting { oneof id { bytes a = 1; double b = 2; } message Order {} }
`;
    expect(diagnoseContract(plain)).toEqual([]);
  });

  it("of the example shop gets no diagnostics", () => {
    const folder = join(root, "examples/shop/proto");
    const paths = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith(".proto"));
    const files: ProtoFiles = Object.fromEntries(
      paths.map((path) => [path.replaceAll("\\", "/"), readFileSync(join(folder, path), "utf8")]),
    );
    const { model, diagnostics } = analyse(compileProto(files));
    expect(model.files.map(({ desc }) => `${desc.name}.proto`)).toEqual(Object.keys(files).sort());
    expect(formatPretty(diagnostics)).toBe("");
  });
});
