import { describe, expect, it } from "vitest";
import { compileProto, documentOf, emitOpenApi, type OpenApiChoice } from "../../../testing/index.js";

const files = {
  "shop.proto": `syntax = "proto3";
package shop.v1;
import "google/api/annotations.proto";
import "google/api/visibility.proto";
import "buf/validate/validate.proto";
import "potter/v1/openapi.proto";
import "potter/v1/options.proto";
service OrderService {
  rpc GetOrder(GetOrderRequest) returns (Order) { option (google.api.http) = {get: "/v1/orders/{order_id}"}; }
  rpc AuditOrder(AuditRequest) returns (Audit) {
    option (google.api.method_visibility).restriction = "INTERNAL, PREVIEW";
    option (potter.v1.openapi_operation).tags = "Audit";
    option (potter.v1.command) = {fails_with: "Locked" fails_with: "Secret"};
  }
}
service StockService { rpc GetStock(GetStockRequest) returns (Stock); }
service AdminService {
  option (google.api.api_visibility).restriction = "INTERNAL";
  rpc Reset(ResetRequest) returns (ResetResponse);
}
message GetOrderRequest { string order_id = 1; string trace = 2 [(google.api.field_visibility).restriction = "INTERNAL"]; }
message Order {
  option (potter.v1.openapi_schema).example = '{"orderId": "1", "cost": {"cents": 1}}';
  option (buf.validate.message).cel = {id: "c" expression: "this.cost.cents < 100"};
  string order_id = 1;
  Cost cost = 2 [(google.api.field_visibility).restriction = "INTERNAL"];
  Margin margin = 3;
}
message Cost { int32 cents = 1; }
message Margin { option (google.api.message_visibility).restriction = "PREVIEW"; int32 percent = 1; }
message AuditRequest { string order_id = 1; }
message Audit { string text = 1; }
message Locked { option (potter.v1.error) = {}; string by = 1; }
message Secret { option (potter.v1.error) = {}; option (google.api.message_visibility).restriction = "INTERNAL"; string why = 1; }
message GetStockRequest { string sku = 1; }
message Stock { int32 left = 1; }
message ResetRequest {}
message ResetResponse {}
`,
};

const read = (choice: OpenApiChoice) => {
  const document = documentOf(compileProto(files), choice);
  const schemas = Object.keys(document.components?.schemas ?? {});
  const used = [...JSON.stringify(document).matchAll(/#\/components\/schemas\/([^"]*)"/g)].map(([, name]) => name);
  // Whatever is filtered, there are neither unused schemas nor broken references.
  expect(schemas).toEqual([...new Set(used)].sort());
  return {
    document,
    paths: Object.keys(document.paths ?? {}),
    tags: document.tags?.map(({ name }) => name),
    own: schemas.filter((name) => name.startsWith("shop.")),
  };
};

describe("services", () => {
  it.each(["StockService", "shop.v1.StockService"])("documents only %s, with all types it refers to", (services) => {
    const { paths, tags, own } = read({ services });
    expect([paths, tags, own]).toEqual([
      ["/shop.v1.StockService/GetStock"],
      ["StockService"],
      ["shop.v1.GetStockRequest", "shop.v1.Stock"],
    ]);
  });

  it("documents several", () => {
    expect(read({ services: "StockService+AdminService" }).tags).toEqual(["StockService", "AdminService"]);
  });

  it("is rejected if the service is unknown or the option is empty", () => {
    expect(() => read({ services: "StokService" })).toThrow(
      'the option "services" names an unknown service: "StokService"; did you mean "StockService"?',
    );
    expect(() => read({ services: "" })).toThrow(
      'the option "services" is empty: expected names with "+" between them',
    );
    expect(() => read({ services: "AdminService", visibility: "" })).toThrow(
      'the option "services" names an unknown service: "AdminService"',
    );
  });
});

describe("tags", () => {
  it("documents the operations with one of them, of any service", () => {
    const { paths, tags } = read({ tags: "Audit+StockService" });
    expect(paths).toEqual(["/shop.v1.OrderService/AuditOrder", "/shop.v1.StockService/GetStock"]);
    expect(tags).toEqual(["StockService"]);
    const cut = emitOpenApi(compileProto(files), { tags: "Audit", output: "service" });
    expect(Object.keys(cut)).toEqual(["OrderService.openapi.yaml"]);
  });

  it("is rejected if no operation has the tag", () => {
    expect(() => read({ tags: "Audits" })).toThrow('the option "tags" names an unknown tag: "Audits"');
  });
});

describe("visibility", () => {
  it("is ignored by default", () => {
    expect(read({}).paths).toHaveLength(4);
    expect(JSON.stringify(read({}).document)).toContain("cents");
  });

  it("documents only unrestricted elements if empty, without a trace of others", () => {
    const { document, paths, tags } = read({ visibility: "" });
    expect(paths).toEqual(["/v1/orders/{orderId}", "/shop.v1.StockService/GetStock"]);
    expect(tags).toEqual(["OrderService", "StockService"]);
    expect(JSON.stringify(document)).not.toMatch(/trace|cost|cents|margin|percent|secret|Admin|Audit/i);
    const order = document.components?.schemas?.["shop.v1.Order"];
    // REST serves it anyway.
    expect(order).toEqual({ title: "Order", type: "object", properties: { orderId: { type: "string" } } });
  });

  it("documents elements with one of its labels too", () => {
    const { document, paths, own } = read({ visibility: "PREVIEW" });
    expect(paths).toContain("/shop.v1.OrderService/AuditOrder");
    expect(paths).not.toContain("/shop.v1.AdminService/Reset");
    expect(own).toContain("shop.v1.Margin");
    expect(own).toContain("shop.v1.Locked-problem");
    expect(JSON.stringify(document)).not.toMatch(/Secret|Cost/);
  });
});
