// The runtime merges schemas that were generated in parts into the schema that is generated as one.
import { parse, print } from "graphql";
import { describe, expect, it } from "vitest";
import { compileProto, emitGraphQL, requestScenario, scenarios } from "../generator/src/testing/index.js";
import { mergeContracts } from "../runtime/src/transport/graphql/schema/merge-contracts.js";

type Request = Parameters<typeof emitGraphQL>[0];

const nothing = { query: {}, mutation: {}, subscription: {}, objects: {}, inputs: {}, enums: {} };

function schemasOf(request: Request, output: string): readonly string[] {
  return Object.entries(emitGraphQL(request, { output })).flatMap(([path, text]) =>
    path.endsWith(".graphql") ? [text] : [],
  );
}

function definitionsOf(typeDefs: string): readonly string[] {
  return parse(typeDefs)
    .definitions.flatMap((definition) => {
      if (
        definition.kind !== "ObjectTypeDefinition" ||
        !/^(Query|Mutation|Subscription)$/.test(definition.name.value)
      ) {
        return [print(definition)];
      }
      return definition.fields?.map((field) => `${definition.name.value} ${print(field)}`) ?? [];
    })
    .sort();
}

const shop: Readonly<Record<string, string>> = {
  // Its query is in another file than the message that refers to it.
  "shop/customers.proto": `syntax = "proto3";
package shop;
import "potter/v1/graphql.proto";
service CustomerService { rpc GetCustomer(GetCustomerRequest) returns (Customer); rpc ListCustomers(Paged) returns (Customers); }
message GetCustomerRequest { string customer_id = 1; }
message Customer { option (potter.v1.graphql_type) = {key: "customer_id"}; string customer_id = 1; }
message Paged { int32 page_size = 1; string page_token = 2; }
message Customers { repeated Customer customers = 1; string next_page_token = 2; }
`,
  "shop/orders.proto": `syntax = "proto3";
package shop;
import "potter/v1/graphql.proto";
import "shop/customers.proto";
service OrderService { rpc GetOrder(GetOrderRequest) returns (Order); rpc ListOrders(Paged) returns (Orders); }
message GetOrderRequest { string order_id = 1; }
message Order {
  string order_id = 1;
  string customer_id = 2 [(potter.v1.graphql_field) = {reference: {type: "Customer"}}];
  Line line = 3;
  message Line { string sku = 1; }
}
message Orders { repeated Order orders = 1; string next_page_token = 2; }
`,
  // Aggregates with events, and no service next to them.
  "shop/stock.proto": `syntax = "proto3";
package shop;
import "potter/v1/options.proto";
import "potter/v1/graphql.proto";
message Item {
  option (potter.v1.aggregate) = {};
  option (potter.v1.graphql_type) = {events: true};
  string sku = 1 [(potter.v1.field) = {id: true}];
}
message Stocked { option (potter.v1.event) = {aggregate: "Item"}; int32 amount = 1; }
`,
  // The same short names and queries as elsewhere.
  "shop/returns/returns.proto": `syntax = "proto3";
package shop.returns;
service OrderService { rpc GetOrder(GetOrderRequest) returns (Order); }
message GetOrderRequest { string order_id = 1; }
message Order { Line line = 1; }
message Line { string reason = 1; }
`,
};

describe.each(["file", "service"])("schemas of output=%s, merged", (output) => {
  it.each<[string, () => Request]>([
    ["a shop of several files", () => compileProto(shop)],
    ...scenarios.map((name) => [name, () => requestScenario(name)] as [string, () => Request]),
  ])("%s is the whole", (_, open) => {
    const request = open();
    const [whole] = schemasOf(request, "merged");
    const parts = schemasOf(request, output);
    if (whole === undefined) {
      expect(parts).toEqual([]);
      return;
    }
    const merged = mergeContracts(parts.map((typeDefs) => ({ typeDefs, ...nothing })));
    expect(definitionsOf(merged.typeDefs)).toEqual(definitionsOf(whole));
  });
});

it("the parts of a shop of several files are complete", () => {
  const request = compileProto(shop);
  const files = emitGraphQL(request, { output: "file" });
  expect(Object.keys(files).filter((path) => path.endsWith(".graphql"))).toEqual([
    "shop/customers.graphql",
    "shop/orders.graphql",
    "shop/returns/returns.graphql",
    "shop/stock.graphql",
  ]);
  expect(files["shop/orders_graphql.ts"]).toContain("CustomerService.methods.getCustomer");
  expect(files["shop/stock.graphql"]).toContain("itemEvents");
  expect(
    Object.keys(emitGraphQL(request, { output: "service" })).filter((path) => path.endsWith(".graphql")),
  ).toContain("shop/stock.graphql");
});
