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

describe("HTTP bindings", () => {
  it("reports http-template", () => {
    const lines = diagnoseContract(
      `
service OrderService {
  rpc GetOrder(GetOrderRequest) returns (OrderView) {
    option (google.api.http) = {get: "/v1/orders/{order_id"};
  }
}
`,
      get,
      order,
    );
    expect(lines).toEqual([
      'shop.proto:7:38: error http-template: invalid path template "/v1/orders/{order_id": expected "}", found the end of the path, at character 21',
      '    option (google.api.http) = {get: "/v1/orders/{order_id"};',
      "                                     ^^^^^^^^^^^^^^^^^^^^^^",
      "  hint: use the syntax of google.api.http, such as /v1/{name=shelves/*}:archive",
    ]);
  });

  it.each([
    ["get: ", "GET"],
    ["custom: {kind: 'head' path: ", "HEAD"],
  ])("reports http-get-body for %s", (pattern, method) => {
    const binding = `${pattern}"/v1/orders"${pattern.includes("{") ? "}" : ""} body: "*"`;
    const lines = diagnoseContract(
      `
service OrderService {
  rpc GetOrder(GetOrderRequest) returns (OrderView) {
    option (google.api.http) = {${binding}};
  }
}
`,
      get,
      order,
    );
    const column = 33 + binding.indexOf('"*"');
    expect(lines[0]).toBe(
      `shop.proto:7:${column}: error http-get-body: GetOrder is bound to ${method} with a body, which browsers and fetch do not send`,
    );
    expect(lines.at(-1)).toBe(
      '  hint: remove "body", so that the fields become query parameters; or bind the rpc to POST',
    );
  });

  it("reports http-unbound-variable for an unknown field", () => {
    const lines = diagnoseContract(
      `
service OrderService {
  rpc GetOrder(GetOrderRequest) returns (OrderView) {
    option (google.api.http) = {get: "/v1/orders/{orderid}"};
  }
}
`,
      get,
      order,
    );
    expect(lines).toEqual([
      'shop.proto:7:50: error http-unbound-variable: the path variable "orderid" cannot be bound: GetOrderRequest has no field "orderid"',
      '    option (google.api.http) = {get: "/v1/orders/{orderid}"};',
      "                                                 ^^^^^^^^",
      '  hint: did you mean "order_id"?',
    ]);
  });

  it("reports http-unbound-variable for a field of a message", () => {
    const lines = diagnoseContract(
      `
service OrderService {
  rpc GetOrder(GetOrderRequest) returns (GetOrderRequest) {
    option (google.api.http) = {get: "/v1/{order.idd}"};
  }
}
message GetOrderRequest { Key order = 1; }
message Key { string id = 1; }
`,
      order,
    );
    expect(lines).toEqual([
      'shop.proto:7:43: error http-unbound-variable: the path variable "order.idd" cannot be bound: Key has no field "idd"',
      '    option (google.api.http) = {get: "/v1/{order.idd}"};',
      "                                          ^^^^^^^^^^",
      '  hint: did you mean "order.id"?',
    ]);
  });

  it("reports http-unbound-variable for a field below a scalar", () => {
    const lines = diagnoseContract(
      `
service OrderService {
  rpc GetOrder(GetOrderRequest) returns (GetOrderRequest) {
    option (google.api.http) = {get: "/v1/{order.id}"};
  }
}
message GetOrderRequest { string order = 1; }
`,
      order,
    );
    expect(lines).toEqual([
      'shop.proto:7:43: error http-unbound-variable: the path variable "order.id" cannot be bound: "order" is not a message',
      '    option (google.api.http) = {get: "/v1/{order.id}"};',
      "                                          ^^^^^^^^^",
    ]);
  });

  it("reports http-unbound-variable for a repeated field", () => {
    const lines = diagnoseContract(
      `
service OrderService {
  rpc GetOrder(GetOrderRequest) returns (GetOrderRequest) {
    option (google.api.http) = {get: "/v1/{ids}"};
  }
}
message GetOrderRequest { repeated string ids = 1; }
`,
      order,
    );
    expect(lines).toEqual([
      'shop.proto:7:43: error http-unbound-variable: the path variable "ids" cannot be bound: "ids" is repeated',
      '    option (google.api.http) = {get: "/v1/{ids}"};',
      "                                          ^^^^",
    ]);
  });

  it("reports http-unbound-variable for a message", () => {
    const lines = diagnoseContract(
      `
service OrderService {
  rpc GetOrder(GetOrderRequest) returns (GetOrderRequest) {
    option (google.api.http) = {get: "/v1/{order}"};
  }
}
message GetOrderRequest { Key order = 1; }
message Key { string id = 1; }
`,
      order,
    );
    expect(lines).toEqual([
      'shop.proto:7:43: error http-unbound-variable: the path variable "order" cannot be bound: "order" is a message',
      '    option (google.api.http) = {get: "/v1/{order}"};',
      "                                          ^^^^^^",
    ]);
  });

  it("reports http-body", () => {
    const lines = diagnoseContract(
      `
service OrderService {
  rpc PlaceOrder(PlaceOrderRequest) returns (PlaceOrderResponse) {
    option (google.api.http) = {post: "/v1/orders" body: "ordr"};
  }
}
message PlaceOrderRequest { string order = 1; }
message PlaceOrderResponse {}
`,
      order,
    );
    expect(lines).toEqual([
      'shop.proto:7:58: error http-body: "body" names the unknown field "ordr" of PlaceOrderRequest',
      '    option (google.api.http) = {post: "/v1/orders" body: "ordr"};',
      "                                                         ^^^^^^",
      '  hint: did you mean "order"?',
    ]);
  });

  it("reports http-body without a suggestion if no field is similar", () => {
    const lines = diagnoseContract(
      `
service OrderService {
  rpc PlaceOrder(PlaceOrderRequest) returns (PlaceOrderResponse) {
    option (google.api.http) = {post: "/v1/orders" body: "zebra"};
  }
}
`,
      place,
      order,
    );
    expect(lines).toEqual([
      'shop.proto:7:58: error http-body: "body" names the unknown field "zebra" of PlaceOrderRequest',
      '    option (google.api.http) = {post: "/v1/orders" body: "zebra"};',
      "                                                         ^^^^^^^",
      '  hint: use "*" or a field of the request',
    ]);
  });

  it("reports http-response-body", () => {
    const lines = diagnoseContract(
      `
service OrderService {
  rpc ListOrders(ListOrdersRequest) returns (ListOrdersResponse) {
    option (google.api.http) = {get: "/v1/orders" response_body: "order"};
  }
}
message ListOrdersRequest {}
message ListOrdersResponse { repeated string orders = 1; }
`,
      order,
    );
    expect(lines).toEqual([
      'shop.proto:7:66: error http-response-body: "response_body" names the unknown field "order" of ListOrdersResponse',
      '    option (google.api.http) = {get: "/v1/orders" response_body: "order"};',
      "                                                                 ^^^^^^^",
      '  hint: did you mean "orders"?',
    ]);
  });

  it("reports http-duplicate-route independent of variable names", () => {
    const lines = diagnoseContract(
      `
service OrderService {
  rpc GetOrder(GetOrderRequest) returns (OrderView) {
    option (google.api.http) = {get: "/v1/orders/{order_id}"};
  }
  rpc WatchOrder(OrderView) returns (stream OrderView) {
    option (google.api.http) = {get: "/v1/orders/{id}"};
  }
}
`,
      get,
      order,
    );
    expect(lines).toEqual([
      "shop.proto:10:38: error http-duplicate-route: OrderService.WatchOrder and OrderService.GetOrder have the same route GET /v1/orders/{id}",
      '    option (google.api.http) = {get: "/v1/orders/{id}"};',
      "                                     ^^^^^^^^^^^^^^^^^",
      "  hint: give one of them another path or HTTP method",
    ]);
  });

  it("only warns for files without annotations", () => {
    const lines = diagnoseContract(
      `
service OrderService {
  rpc GetOrder(GetOrderRequest) returns (OrderView) {
    option (google.api.http) = {get: "/v1/orders/{order_id"};
  }
}
`,
      get,
    );
    expect(lines).toEqual([
      'shop.proto:7:38: warning http-template: invalid path template "/v1/orders/{order_id": expected "}", found the end of the path, at character 21',
      '    option (google.api.http) = {get: "/v1/orders/{order_id"};',
      "                                     ^^^^^^^^^^^^^^^^^^^^^^",
      "  hint: use the syntax of google.api.http, such as /v1/{name=shelves/*}:archive",
    ]);
  });

  it("checks additional bindings like the first one", () => {
    const lines = diagnoseContract(
      `
service OrderService {
  rpc GetOrder(GetOrderRequest) returns (OrderView) {
    option (google.api.http) = {
      get: "/v1/orders/{order_id}"
      additional_bindings {get: "/v1/{"}
    };
  }
}
`,
      get,
      order,
    );
    expect(lines).toEqual([
      'shop.proto:9:33: error http-template: invalid path template "/v1/{": expected a field name, found the end of the path, at character 6',
      '    additional_bindings {get: "/v1/{"}',
      "                              ^^^^^^^",
      "  hint: use the syntax of google.api.http, such as /v1/{name=shelves/*}:archive",
    ]);
  });
});
