// Additive changes of a contract never break its GraphQL schema.
import { createRequire } from "node:module";
import { CriticalityLevel, diff } from "@graphql-inspector/core";
import { describe, expect, it } from "vitest";
import { compileProto, emitGraphQL } from "../../generator/dist/testing/index.js";

// The module instance that the inspector uses: it rejects schemas of another copy of graphql.
const { buildSchema } = createRequire(import.meta.url)("graphql") as typeof import("graphql");

const header = `syntax = "proto3";
package shop;
import "potter/v1/options.proto";
import "google/protobuf/timestamp.proto";
`;

const before = `service OrderService {
  rpc GetOrder(GetOrderRequest) returns (OrderView) { option (potter.v1.query) = {read_model: "OrderView"}; }
  rpc ListOrders(ListOrdersRequest) returns (ListOrdersResponse);
  rpc PlaceOrder(PlaceOrderRequest) returns (PlaceOrderResponse) {
    option (potter.v1.command) = {aggregate: "Order" creates: true emits: "OrderPlaced"};
  }
  rpc CancelOrder(CancelOrderRequest) returns (CancelOrderResponse) {
    option (potter.v1.command) = {aggregate: "Order" creates: false emits: "OrderCancelled"};
  }
  rpc Touch(TouchRequest) returns (TouchResponse);
  rpc WatchOrder(GetOrderRequest) returns (stream OrderView);
  // more rpcs
}
message Order { option (potter.v1.aggregate) = {}; string order_id = 1; }
message OrderPlaced { option (potter.v1.event) = {}; }
message OrderCancelled { option (potter.v1.event) = {}; }
message GetOrderRequest { string order_id = 1; /* more of a query */ }
message ListOrdersRequest { int32 page_size = 1; string page_token = 2; /* more of a list */ }
message ListOrdersResponse { repeated OrderView orders = 1; string next_page_token = 2; /* more of a page */ }
message PlaceOrderRequest { string order_id = 1; Money price = 2; oneof how { string card = 3; Money cash = 4; /* more ways */ } }
message PlaceOrderResponse { string order_id = 1; oneof result { Money paid = 2; string owed = 3; /* more results */ } }
message CancelOrderRequest { string order_id = 1; }
message CancelOrderResponse {}
message TouchRequest { /* anything to touch */ }
message TouchResponse { /* anything touched */ }
message Money { int64 amount = 1; Currency currency = 2; /* more of money */ }
enum Currency { CURRENCY_UNSPECIFIED = 0; CURRENCY_EURO = 1; /* more currencies */ }
message OrderView { option (potter.v1.read_model) = {from: "OrderPlaced"}; string order_id = 1 [(potter.v1.field).id = true]; map<string, Money> prices = 2; /* more of an order */ }
// more messages
`;

/** Additions and their locations. */
const additions: readonly (readonly [string, string, string])[] = [
  ["an rpc", "// more rpcs", "rpc SearchOrders(ListOrdersRequest) returns (ListOrdersResponse);"],
  ["an rpc that is called like the field of another", "// more rpcs", "rpc Order(PlaceOrderRequest) returns (Money);"],
  ["an rpc that takes what another answers", "// more rpcs", "rpc Import(OrderView) returns (PlaceOrderRequest);"],
  [
    "a command of the same request",
    "// more rpcs",
    'rpc Undo(CancelOrderRequest) returns (CancelOrderResponse) { option (potter.v1.command) = {aggregate: "Order" emits: "OrderPlaced"}; }',
  ],
  ["a field of a request", "/* more of a query */", "bool with_lines = 2;"],
  ["a filter of a list", "/* more of a list */", "optional Currency currency = 3;"],
  ["the size of a list", "/* more of a page */", "int64 total_size = 3;"],
  ["another list next to the paged one", "/* more of a page */", "repeated Money totals = 3;"],
  ["a member of a selected oneof", "/* more ways */", "Money credit = 5;"],
  ["a member of a choice of a type that is there", "/* more results */", "Money refunded = 4;"],
  ["the first field of a request", "/* anything to touch */", "string order_id = 1;"],
  [
    "fields of a message",
    "/* more of money */",
    "string note = 3; google.protobuf.Timestamp at = 4; repeated Money parts = 5; oneof more { bool a = 6; }",
  ],
  ["a value of an enum", "/* more currencies */", "CURRENCY_POUND = 2;"],
  ["a value of an enum without its prefix", "/* more currencies */", "FRANC = 2;"],
  [
    "a map and a nested message",
    "/* more of an order */",
    "message Line { string sku = 1; } repeated Line lines = 3; map<int64, Line> by_number = 4;",
  ],
  ["a message that is called like an input", "// more messages", "message PlaceOrderInput { string a = 1; }"],
  ["an aggregate", "// more messages", "message Stock { option (potter.v1.aggregate) = {}; string stock_id = 1; }"],
  ["an event", "// more messages", 'message OrderShipped { option (potter.v1.event) = {aggregate: "Order"}; }'],
];

function write(text: string, more: Readonly<Record<string, string>> = {}) {
  const files = emitGraphQL(compileProto({ "shop/shop.proto": header + text, ...more }));
  return buildSchema(files["schema.graphql"] ?? "");
}

async function breaks(after: ReturnType<typeof write>): Promise<readonly string[]> {
  const changes = await diff(write(before), after);
  return changes
    .filter(({ criticality }) => criticality.level === CriticalityLevel.Breaking)
    .map(({ message }) => message);
}

describe("a schema continues to serve its clients", () => {
  it.each(additions)("when %s is added", async (_, marker, addition) => {
    expect(before).toContain(marker);
    const changed = before.replace(marker, `${addition}\n${marker.startsWith("//") ? marker : ""}`);
    expect(await breaks(write(changed))).toEqual([]);
  });

  it("when a file is added whose package comes later, with messages of the same names", async () => {
    const more = `syntax = "proto3";\npackage stock;\nservice StockService { rpc GetOrder(GetOrderRequest) returns (Money); }
message GetOrderRequest {}\nmessage Money { string text = 1; }\n`;
    expect(await breaks(write(before, { "stock/stock.proto": more }))).toEqual([]);
  });

  it("and does not when something is removed", async () => {
    expect(await breaks(write(before.replace("rpc Touch(TouchRequest) returns (TouchResponse);", "")))).toEqual([
      "Type 'TouchResponse' was removed",
      "Field 'touch' was removed from object type 'Mutation'",
    ]);
  });
});
