import { describe, expect, it } from "vitest";
import { diagnoseContract } from "../testing/index.js";

const order = `message Order { option (potter.v1.aggregate) = {}; string order_id = 1; }
`;
const placed = `message OrderPlaced { option (potter.v1.event) = {}; }
`;
const stock = `message ReserveRequest { string sku = 1; }
message ReserveResponse {}
service Stock {
  rpc Reserve(ReserveRequest) returns (ReserveResponse);
  rpc Release(ReserveRequest) returns (ReserveResponse);
  rpc Charge(ReserveRequest) returns (ReserveResponse);
}
`;

describe("ids and tenants", () => {
  it("reports aggregate-without-id", () => {
    const lines = diagnoseContract(`
message Order {
  option (potter.v1.aggregate) = {};
  string number = 1;
}
`);
    expect(lines).toEqual([
      'shop.proto:5:9: error aggregate-without-id: Order has no id: no field is marked as id or named "order_id" or "id"',
      "    message Order {",
      "            ^^^^^",
      "  hint: mark a field with [(potter.v1.field).id = true]",
    ]);
  });

  it("reports read-model-without-key", () => {
    const lines = diagnoseContract(
      `
message OrderView {
  option (potter.v1.read_model) = {from: "OrderPlaced"};
  string order_id = 1;
}
`,
      order,
      placed,
    );
    expect(lines).toEqual([
      'shop.proto:5:9: error read-model-without-key: OrderView has no key: no field is marked as id or named "order_view_id" or "id"',
      "    message OrderView {",
      "            ^^^^^^^^^",
      "  hint: mark a field with [(potter.v1.field).id = true]",
    ]);
  });

  it("reports saga-without-id", () => {
    const lines = diagnoseContract(
      `
message Checkout {
  option (potter.v1.saga) = {
    starts_on: "OrderPlaced"
    step {name: "charge" command: "Stock.Charge" pivot: true}
  };
}
`,
      order,
      placed,
      stock,
    );
    expect(lines).toEqual([
      'shop.proto:5:9: error saga-without-id: Checkout has no id: no field is marked as id or named "checkout_id" or "id"',
      "    message Checkout {",
      "            ^^^^^^^^",
      "  hint: mark a field with [(potter.v1.field).id = true]",
    ]);
  });

  it("reports command-without-id", () => {
    const lines = diagnoseContract(
      `
service OrderService {
  rpc CancelOrder(CancelOrderRequest) returns (CancelOrderRequest) {
    option (potter.v1.command) = {aggregate: "Order"};
  }
}
message CancelOrderRequest { string order = 1; }
`,
      order,
    );
    expect(lines).toEqual([
      'shop.proto:6:7: error command-without-id: CancelOrder addresses Order, but no field of CancelOrderRequest is marked as id or named "order_id"',
      "    rpc CancelOrder(CancelOrderRequest) returns (CancelOrderRequest) {",
      "        ^^^^^^^^^^^",
      '  hint: mark a field with [(potter.v1.field).id = true], or set "creates: true"',
    ]);
  });

  it("reports id-type for bytes", () => {
    const lines = diagnoseContract(`
message Order {
  option (potter.v1.aggregate) = {};
  bytes order_id = 1;
}
`);
    expect(lines).toEqual([
      "shop.proto:7:9: error id-type: Order.order_id cannot be an id: expected a singular string or integer outside of any oneof",
      "    bytes order_id = 1;",
      "          ^^^^^^^^",
      "  hint: change the type of the field, or mark another field as id",
    ]);
  });

  it("reports id-type for a field of a oneof", () => {
    const lines = diagnoseContract(`
message Order {
  option (potter.v1.aggregate) = {};
  oneof key {
    string order_id = 1;
  }
}
`);
    expect(lines).toEqual([
      "shop.proto:8:12: error id-type: Order.order_id cannot be an id: expected a singular string or integer outside of any oneof",
      "    string order_id = 1;",
      "           ^^^^^^^^",
      "  hint: change the type of the field, or mark another field as id",
    ]);
  });

  it("reports id-type for a repeated field", () => {
    const lines = diagnoseContract(`
message Order {
  option (potter.v1.aggregate) = {};
  repeated string order_id = 1;
}
`);
    expect(lines).toEqual([
      "shop.proto:7:19: error id-type: Order.order_id cannot be an id: expected a singular string or integer outside of any oneof",
      "    repeated string order_id = 1;",
      "                    ^^^^^^^^",
      "  hint: change the type of the field, or mark another field as id",
    ]);
  });

  it("reports two-ids", () => {
    const lines = diagnoseContract(`
message Order {
  option (potter.v1.aggregate) = {};
  string year = 1 [(potter.v1.field).id = true];
  string number = 2 [(potter.v1.field).id = true];
}
`);
    expect(lines).toEqual([
      "shop.proto:5:9: error two-ids: Order has more than one id: year, number",
      "    message Order {",
      "            ^^^^^",
      "  hint: mark only one field",
    ]);
  });

  it("reports tenant-type", () => {
    const lines = diagnoseContract(`
service OrderService {
  rpc GetOrder(GetOrderRequest) returns (OrderView);
}
message GetOrderRequest {
  repeated string tenants = 1 [(potter.v1.field).tenant = true];
}
message OrderView {}
`);
    expect(lines).toEqual([
      "shop.proto:9:19: error tenant-type: GetOrderRequest.tenants cannot identify a tenant: expected a singular string outside of any oneof",
      "    repeated string tenants = 1 [(potter.v1.field).tenant = true];",
      "                    ^^^^^^^",
      "  hint: change the type of the field to string, or mark another field as tenant",
    ]);
  });

  it("reports tenant-type once if several rpcs share the request", () => {
    const lines = diagnoseContract(`
service OrderService {
  rpc GetOrder(GetOrderRequest) returns (OrderView);
  rpc FindOrder(GetOrderRequest) returns (OrderView);
}
message GetOrderRequest {
  int32 tenant = 1 [(potter.v1.field).tenant = true];
}
message OrderView {}
`);
    expect(lines).toEqual([
      "shop.proto:10:9: error tenant-type: GetOrderRequest.tenant cannot identify a tenant: expected a singular string outside of any oneof",
      "    int32 tenant = 1 [(potter.v1.field).tenant = true];",
      "          ^^^^^^",
      "  hint: change the type of the field to string, or mark another field as tenant",
    ]);
  });

  it("reports id-type once if several commands share the request", () => {
    const lines = diagnoseContract(
      `
service OrderService {
  option (potter.v1.service) = {aggregate: "Order"};
  rpc CancelOrder(CancelRequest) returns (CancelRequest);
  rpc DropOrder(CancelRequest) returns (CancelRequest);
}
message CancelRequest {
  double order_id = 1;
}
`,
      order,
    );
    expect(lines).toEqual([
      "shop.proto:11:10: error id-type: CancelRequest.order_id cannot be an id: expected a singular string or integer outside of any oneof",
      "    double order_id = 1;",
      "           ^^^^^^^^",
      "  hint: change the type of the field, or mark another field as id",
    ]);
  });

  it("reports id-without-effect in an event, an error, an unused message, and the request of a command without an aggregate", () => {
    const lines = diagnoseContract(`
service Orders {
  rpc Move(MoveRequest) returns (MoveResponse) { option (potter.v1.command) = {aggregate: "Order"}; }
  rpc Charge(ChargeRequest) returns (ChargeResponse) { option (potter.v1.command) = {}; }
  rpc Find(FindRequest) returns (FindResponse) { option (potter.v1.query) = {}; }
}
message Order { option (potter.v1.aggregate) = {}; string key = 1 [(potter.v1.field).id = true]; }
message Moved {
  option (potter.v1.event) = {};
  string order_id = 1 [(potter.v1.field).id = true];
}
message Late {
  option (potter.v1.error) = {};
  string order_id = 1 [(potter.v1.field).id = true];
}
message Note { string order_id = 1 [(potter.v1.field).id = true]; }
message ChargeRequest { string order_id = 1 [(potter.v1.field).id = true]; }
message ChargeResponse { string id = 1 [(potter.v1.field).id = true]; }
message MoveRequest { string order_id = 1 [(potter.v1.field).id = true]; }
message MoveResponse { Part part = 1; }
message Part { string part_id = 1 [(potter.v1.field).id = true]; }
message FindRequest { string order_id = 1 [(potter.v1.field).id = true]; }
message FindResponse {}
`);
    expect(lines.filter((line) => line.startsWith("shop"))).toEqual([
      "shop.proto:13:10: warning id-without-effect: Moved.order_id is marked as id, which has no effect: the stream of an event identifies its aggregate",
      "shop.proto:17:10: warning id-without-effect: Late.order_id is marked as id, which has no effect: an error has no id",
      "shop.proto:19:23: warning id-without-effect: Note.order_id is marked as id, which has no effect: Note is no aggregate, saga, read model or request",
      "shop.proto:20:32: warning id-without-effect: ChargeRequest.order_id is marked as id, which has no effect: ChargeRequest is no aggregate, saga, read model or request",
    ]);
    expect(lines.filter((line) => line.startsWith("  hint"))).toEqual(
      Array.from(
        { length: 4 },
        () => "  hint: mark the id of an aggregate, a saga, a read model or a request; or remove the mark",
      ),
    );
  });

  it("reports id-type wherever a field is marked", () => {
    const lines = diagnoseContract(`
message Moved { option (potter.v1.error) = {}; repeated string ids = 1 [(potter.v1.field).id = true]; }
`);
    expect(lines[0]).toBe(
      "shop.proto:5:64: error id-type: Moved.ids cannot be an id: expected a singular string or integer outside of any oneof",
    );
  });
});
