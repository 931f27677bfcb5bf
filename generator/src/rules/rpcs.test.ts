import { describe, expect, it } from "vitest";
import { diagnoseContract } from "../testing/index.js";

const order = `message Order { option (potter.v1.aggregate) = {}; string order_id = 1; }
`;
const place = `message PlaceOrderRequest { string order_id = 1; }
message PlaceOrderResponse {}
`;
const get = `message GetOrderRequest { string order_id = 1; }
message OrderView { string id = 1; }
`;

describe("commands and queries", () => {
  it("reports query-with-side-effects by idempotency_level", () => {
    const lines = diagnoseContract(
      `
service OrderService {
  rpc GetOrder(GetOrderRequest) returns (OrderView) {
    option (potter.v1.query) = {};
    option idempotency_level = IDEMPOTENT;
  }
}
`,
      get,
    );
    expect(lines).toEqual([
      "shop.proto:7:12: error query-with-side-effects: GetOrder is marked as a query, but its idempotency_level is IDEMPOTENT, which implies side effects",
      "    option (potter.v1.query) = {};",
      "           ^^^^^^^^^^^^^^^^^^^^^^",
      "  hint: make it a command, or remove the setting that declares side effects",
    ]);
  });

  it("reports query-with-side-effects by HTTP binding", () => {
    const lines = diagnoseContract(
      `
service OrderService {
  rpc GetOrder(GetOrderRequest) returns (OrderView) {
    option (potter.v1.query) = {};
    option (google.api.http) = {delete: "/v1/orders/{order_id}"};
  }
}
`,
      get,
    );
    expect(lines).toEqual([
      "shop.proto:7:12: error query-with-side-effects: GetOrder is marked as a query, but it is bound to DELETE",
      "    option (potter.v1.query) = {};",
      "           ^^^^^^^^^^^^^^^^^^^^^^",
      "  hint: make it a command, or remove the setting that declares side effects",
    ]);
  });

  it("reports command-without-side-effects by idempotency_level", () => {
    const lines = diagnoseContract(
      `
service OrderService {
  rpc PlaceOrder(PlaceOrderRequest) returns (PlaceOrderResponse) {
    option (potter.v1.command) = {};
    option idempotency_level = NO_SIDE_EFFECTS;
  }
}
`,
      place,
    );
    expect(lines).toEqual([
      "shop.proto:7:12: error command-without-side-effects: PlaceOrder is marked as a command, but its idempotency_level is NO_SIDE_EFFECTS",
      "    option (potter.v1.command) = {};",
      "           ^^^^^^^^^^^^^^^^^^^^^^^^",
      "  hint: make it a query, or remove the setting that excludes side effects",
    ]);
  });

  it("reports command-without-side-effects by HTTP binding", () => {
    const lines = diagnoseContract(
      `
service OrderService {
  rpc PlaceOrder(PlaceOrderRequest) returns (PlaceOrderResponse) {
    option (potter.v1.command) = {};
    option (google.api.http) = {get: "/v1/orders:place"};
  }
}
`,
      place,
    );
    expect(lines).toEqual([
      "shop.proto:7:12: error command-without-side-effects: PlaceOrder is marked as a command, but it is bound to GET",
      "    option (potter.v1.command) = {};",
      "           ^^^^^^^^^^^^^^^^^^^^^^^^",
      "  hint: make it a query, or remove the setting that excludes side effects",
    ]);
  });

  it("reports streaming-command", () => {
    const lines = diagnoseContract(
      `
service OrderService {
  rpc PlaceOrders(stream PlaceOrderRequest) returns (PlaceOrderResponse) {
    option (potter.v1.command) = {aggregate: "Order"};
  }
}
`,
      order,
      place,
    );
    expect(lines).toEqual([
      "shop.proto:6:7: error streaming-command: PlaceOrders addresses Order, but is a streaming rpc",
      "    rpc PlaceOrders(stream PlaceOrderRequest) returns (PlaceOrderResponse) {",
      "        ^^^^^^^^^^^",
      "  hint: make it a unary rpc, or remove the aggregate",
    ]);
  });

  it("reports negative-duration of an rpc", () => {
    const lines = diagnoseContract(
      `
service OrderService {
  rpc PlaceOrder(PlaceOrderRequest) returns (PlaceOrderResponse) {
    option (potter.v1.command) = {timeout: {seconds: -5}};
  }
}
`,
      place,
    );
    expect(lines).toEqual([
      'shop.proto:7:35: error negative-duration: "timeout" of PlaceOrder is not a positive duration',
      "    option (potter.v1.command) = {timeout: {seconds: -5}};",
      "                                  ^^^^^^^",
      "  hint: set it to more than zero seconds, or remove it for the default",
    ]);
  });

  it("reports negative-duration of zero", () => {
    const lines = diagnoseContract(
      `
service OrderService {
  rpc GetOrder(GetOrderRequest) returns (OrderView) {
    option (potter.v1.query) = {cache_ttl: {}};
  }
}
`,
      get,
    );
    expect(lines).toEqual([
      'shop.proto:7:33: error negative-duration: "cache_ttl" of GetOrder is not a positive duration',
      "    option (potter.v1.query) = {cache_ttl: {}};",
      "                                ^^^^^^^^^",
      "  hint: set it to more than zero seconds, or remove it for the default",
    ]);
  });
});
