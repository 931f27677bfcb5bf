import { describe, expect, it } from "vitest";
import { diagnoseContract } from "../testing/index.js";

const order = `message Order { option (potter.v1.aggregate) = {}; string order_id = 1; }
`;
const placed = `message OrderPlaced { option (potter.v1.event) = {}; }
`;
const place = `message PlaceOrderRequest { string order_id = 1; }
message PlaceOrderResponse {}
`;

describe("events and aggregates", () => {
  it("reports event-without-aggregate", () => {
    const lines = diagnoseContract(
      `
message OrderArchived {
  option (potter.v1.event) = {};
}
message Parcel { option (potter.v1.aggregate) = {}; string parcel_id = 1; }
`,
      order,
    );
    expect(lines).toEqual([
      "shop.proto:6:10: error event-without-aggregate: OrderArchived belongs to no aggregate, so it has no stream",
      "    option (potter.v1.event) = {};",
      "           ^^^^^^^^^^^^^^^^^^^^^^",
      '  hint: emit it from a command of the aggregate, or set "aggregate" in its event option',
    ]);
  });

  it("reports foreign-event", () => {
    const lines = diagnoseContract(
      `
service OrderService {
  rpc PlaceOrder(PlaceOrderRequest) returns (PlaceOrderResponse) {
    option (potter.v1.command) = {aggregate: "Order" emits: "ParcelSent"};
  }
}
message Parcel { option (potter.v1.aggregate) = {}; string parcel_id = 1; }
message ParcelSent { option (potter.v1.event) = {aggregate: "Parcel"}; }
`,
      order,
      place,
    );
    expect(lines).toEqual([
      "shop.proto:7:61: error foreign-event: PlaceOrder addresses Order but emits ParcelSent, an event of Parcel",
      '    option (potter.v1.command) = {aggregate: "Order" emits: "ParcelSent"};',
      "                                                            ^^^^^^^^^^^^",
      "  hint: an aggregate records only its own events: declare an event of Order, or let a saga react to ParcelSent",
    ]);
  });

  it("reports events-without-aggregate", () => {
    const lines = diagnoseContract(
      `
service OrderService {
  rpc PlaceOrder(PlaceOrderRequest) returns (PlaceOrderResponse) {
    option (potter.v1.command) = {emits: "OrderPlaced"};
  }
}
`,
      order,
      placed,
      place,
    );
    expect(lines).toEqual([
      "shop.proto:7:12: error events-without-aggregate: PlaceOrder emits events but addresses no aggregate",
      '    option (potter.v1.command) = {emits: "OrderPlaced"};',
      "           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^",
      '  hint: set "aggregate" in its option (potter.v1.command), or in option (potter.v1.service) of its service',
    ]);
  });

  it("reports name-collision of events whose names differ in case only", () => {
    const lines = diagnoseContract(
      `
message Placed { option (potter.v1.event) = {}; }
message placed { option (potter.v1.event) = {}; }
`,
      order,
    );
    expect(lines).toEqual([
      'shop.proto:6:9: error name-collision: shop.Placed and shop.placed have the same generated name "placed" in Order',
      "    message placed { option (potter.v1.event) = {}; }",
      "            ^^^^^^",
      "  hint: rename one of them",
    ]);
  });

  it("reports name-collision of the rpcs of two services", () => {
    const lines = diagnoseContract(
      `
service Shop {
  rpc Place(PlaceOrderRequest) returns (PlaceOrderResponse) {
    option (potter.v1.command) = {aggregate: "Order"};
  }
}
service Phone {
  rpc Place(PlaceOrderRequest) returns (PlaceOrderResponse) {
    option (potter.v1.command) = {aggregate: "Order"};
  }
}
`,
      order,
      place,
    );
    expect(lines).toEqual([
      'shop.proto:11:7: error name-collision: shop.Shop.Place and shop.Phone.Place have the same generated name "place" in Order',
      "    rpc Place(PlaceOrderRequest) returns (PlaceOrderResponse) {",
      "        ^^^^^",
      "  hint: rename one of them",
    ]);
  });

  it("reports an unknown aggregate of an event once", () => {
    const lines = diagnoseContract(
      `
message OrderPlaced { option (potter.v1.event) = {aggregate: "Ordr"}; }
`,
      order,
    );
    expect(lines).toEqual([
      'shop.proto:5:62: error unknown-reference: cannot find an aggregate named "Ordr" in this scope',
      '    message OrderPlaced { option (potter.v1.event) = {aggregate: "Ordr"}; }',
      "                                                                 ^^^^^^",
      '  hint: did you mean "Order"?',
    ]);
  });

  it("does not report references to an aggregate without an id", () => {
    const lines = diagnoseContract(`
message OrderPlaced { option (potter.v1.event) = {aggregate: "Order"}; }
message Order { option (potter.v1.aggregate) = {}; }
`);
    expect(lines).toEqual([
      'shop.proto:6:9: error aggregate-without-id: Order has no id: no field is marked as id or named "order_id" or "id"',
      "    message Order { option (potter.v1.aggregate) = {}; }",
      "            ^^^^^",
      "  hint: mark a field with [(potter.v1.field).id = true]",
    ]);
  });

  it("reports an unknown aggregate of a command once", () => {
    const lines = diagnoseContract(
      `
service OrderService {
  rpc PlaceOrder(PlaceOrderRequest) returns (PlaceOrderResponse) {
    option (potter.v1.command) = {aggregate: "Ordr" emits: "OrderPlaced"};
  }
}
`,
      order,
      placed,
      place,
    );
    expect(lines).toEqual([
      'shop.proto:7:46: error unknown-reference: cannot find an aggregate named "Ordr" in this scope',
      '    option (potter.v1.command) = {aggregate: "Ordr" emits: "OrderPlaced"};',
      "                                             ^^^^^^",
      '  hint: did you mean "Order"?',
    ]);
  });

  it("reports duplicate-event-type", () => {
    const lines = diagnoseContract(
      `
message OrderPlaced { option (potter.v1.event) = {type: "order.placed"}; }
message OrderPhoned { option (potter.v1.event) = {type: "order.placed"}; }
`,
      order,
    );
    expect(lines).toEqual([
      'shop.proto:6:30: error duplicate-event-type: OrderPhoned and OrderPlaced are both stored as "order.placed" version 1',
      '    message OrderPhoned { option (potter.v1.event) = {type: "order.placed"}; }',
      "                                 ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^",
      '  hint: give one of them another "type", or another "version" and "superseded_by"',
    ]);
  });

  it("reports superseded-event-emitted", () => {
    const lines = diagnoseContract(
      `
service OrderService {
  rpc PlaceOrder(PlaceOrderRequest) returns (PlaceOrderResponse) {
    option (potter.v1.command) = {aggregate: "Order" emits: "OrderPlacedV1"};
  }
}
message OrderPlacedV1 { option (potter.v1.event) = {type: "placed" superseded_by: "OrderPlaced"}; }
message OrderPlaced { option (potter.v1.event) = {type: "placed" version: 2}; }
`,
      order,
      place,
    );
    expect(lines).toEqual([
      "shop.proto:7:61: error superseded-event-emitted: PlaceOrder emits OrderPlacedV1, which OrderPlaced supersedes",
      '    option (potter.v1.command) = {aggregate: "Order" emits: "OrderPlacedV1"};',
      "                                                            ^^^^^^^^^^^^^^^",
      "  hint: emit OrderPlaced",
    ]);
  });

  it("reports superseded-event-read", () => {
    const lines = diagnoseContract(
      `
message OrderView {
  option (potter.v1.read_model) = {from: "OrderPlacedV1"};
  string id = 1;
}
message OrderPlacedV1 { option (potter.v1.event) = {type: "placed" superseded_by: "OrderPlaced"}; }
message OrderPlaced { option (potter.v1.event) = {type: "placed" version: 2}; }
`,
      order,
    );
    expect(lines).toEqual([
      "shop.proto:6:42: error superseded-event-read: OrderView is built from OrderPlacedV1, which OrderPlaced supersedes",
      '    option (potter.v1.read_model) = {from: "OrderPlacedV1"};',
      "                                           ^^^^^^^^^^^^^^^",
      "  hint: name OrderPlaced: stored events of OrderPlacedV1 are upcast to OrderPlaced",
    ]);
  });

  it("reports superseded-cycle for each event of the cycle", () => {
    const lines = diagnoseContract(
      `
message OrderPlacedV1 { option (potter.v1.event) = {type: "placed" superseded_by: "OrderPlaced"}; }
message OrderPlaced { option (potter.v1.event) = {type: "placed" version: 2 superseded_by: "OrderPlacedV1"}; }
`,
      order,
    );
    expect(lines).toEqual([
      'shop.proto:5:32: error superseded-cycle: "superseded_by" of OrderPlacedV1 leads back to OrderPlacedV1',
      '    message OrderPlacedV1 { option (potter.v1.event) = {type: "placed" superseded_by: "OrderPlaced"}; }',
      "                                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^",
      "  hint: a chain of versions must end at the version that is recorded today",
      'shop.proto:6:30: error superseded-cycle: "superseded_by" of OrderPlaced leads back to OrderPlaced',
      '    message OrderPlaced { option (potter.v1.event) = {type: "placed" version: 2 superseded_by: "OrderPlacedV1"}; }',
      "                                 ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^",
      "  hint: a chain of versions must end at the version that is recorded today",
    ]);
  });

  it("reports superseded-version", () => {
    const lines = diagnoseContract(
      `
message OrderPlacedV1 { option (potter.v1.event) = {type: "placed" version: 2 superseded_by: "OrderPlaced"}; }
message OrderPlaced { option (potter.v1.event) = {type: "placed"}; }
`,
      order,
    );
    expect(lines).toEqual([
      "shop.proto:5:32: error superseded-version: OrderPlacedV1 version 2 is superseded by OrderPlaced version 1, which is not newer",
      '    message OrderPlacedV1 { option (potter.v1.event) = {type: "placed" version: 2 superseded_by: "OrderPlaced"}; }',
      "                                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^",
      '  hint: raise "version" of the newer event',
    ]);
  });

  it("reports superseded-type", () => {
    const lines = diagnoseContract(
      `
message OrderPlacedV1 { option (potter.v1.event) = {type: "placed" superseded_by: "OrderPlaced"}; }
message OrderPlaced { option (potter.v1.event) = {version: 2}; }
`,
      order,
    );
    expect(lines).toEqual([
      'shop.proto:5:32: error superseded-type: OrderPlacedV1 is stored as "placed" and superseded by OrderPlaced, stored as "shop.OrderPlaced"',
      '    message OrderPlacedV1 { option (potter.v1.event) = {type: "placed" superseded_by: "OrderPlaced"}; }',
      "                                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^",
      '  hint: give all versions of an event the same "type"',
    ]);
  });

  it("reports read-model-without-events", () => {
    const lines = diagnoseContract(`
message OrderView {
  option (potter.v1.read_model) = {};
  string id = 1;
}
`);
    expect(lines).toEqual([
      "shop.proto:6:10: error read-model-without-events: OrderView is built from no event",
      "    option (potter.v1.read_model) = {};",
      "           ^^^^^^^^^^^^^^^^^^^^^^^^^^^",
      '  hint: name the events that change it in "from"',
    ]);
  });
});
