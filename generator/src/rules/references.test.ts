import { describe, expect, it } from "vitest";
import { diagnose, diagnoseContract } from "../testing/index.js";

const order = `message Order { option (potter.v1.aggregate) = {}; string order_id = 1; }
`;
const placed = `message OrderPlaced { option (potter.v1.event) = {}; }
`;
const place = `message PlaceOrderRequest { string order_id = 1; }
message PlaceOrderResponse {}
`;
const stock = `message ReserveRequest { string sku = 1; }
message ReserveResponse {}
service Stock {
  rpc Reserve(ReserveRequest) returns (ReserveResponse);
  rpc Release(ReserveRequest) returns (ReserveResponse);
  rpc Charge(ReserveRequest) returns (ReserveResponse);
}
`;

describe("references and roles", () => {
  it("reports unknown-reference with the name underlined and a suggestion", () => {
    const lines = diagnoseContract(
      `
service OrderService {
  rpc PlaceOrder(PlaceOrderRequest) returns (PlaceOrderResponse) {
    option (potter.v1.command) = {aggregate: "Order" emits: "OrderPlacd"};
  }
}
`,
      order,
      placed,
      place,
    );
    expect(lines).toEqual([
      'shop.proto:7:61: error unknown-reference: cannot find an event named "OrderPlacd" in this scope',
      '    option (potter.v1.command) = {aggregate: "Order" emits: "OrderPlacd"};',
      "                                                            ^^^^^^^^^^^^",
      '  hint: did you mean "OrderPlaced"?',
    ]);
  });

  it("reports unknown-reference with the full name if only the package is missing", () => {
    const header = (pkg: string) => `syntax = "proto3";\npackage ${pkg};\nimport "potter/v1/options.proto";\n`;
    const text = diagnose({
      "orders.proto": `${header("shop.orders.v1")}${order}${placed}${place}service OrderService {
  rpc PlaceOrder(PlaceOrderRequest) returns (PlaceOrderResponse) { option (potter.v1.command) = {aggregate: "Order" emits: "OrderPlaced"}; }
}
`,
      "checkout.proto": `${header("shop.checkout.v1")}import "orders.proto";
message Checkout {
  option (potter.v1.saga) = {
    starts_on: "OrderPlaced"
    step {name: "place" command: "OrderService.PlaceOrder"}
    step {name: "other" command: "OrderService.PlaceOrdr" after: "place"}
  };
  string order_id = 1 [(potter.v1.field).id = true];
}
`,
    });
    expect(text.split("\n").filter((line) => /error|hint/.test(line))).toEqual([
      'checkout.proto:7:16: error unknown-reference: cannot find an event named "OrderPlaced" in this scope',
      '  hint: did you mean "shop.orders.v1.OrderPlaced"?',
      'checkout.proto:8:34: error unknown-reference: cannot find an rpc named "OrderService.PlaceOrder" in this scope',
      '  hint: did you mean "shop.orders.v1.OrderService.PlaceOrder"?',
      'checkout.proto:9:34: error unknown-reference: cannot find an rpc named "OrderService.PlaceOrdr" in this scope',
      '  hint: did you mean "shop.orders.v1.OrderService.PlaceOrder"?',
    ]);
  });

  it("reports unknown-reference without a suggestion if no name is similar", () => {
    const lines = diagnoseContract(`
message OrderView {
  option (potter.v1.read_model) = {from: "Zebra"};
  string id = 1;
}
`);
    expect(lines).toEqual([
      'shop.proto:6:42: error unknown-reference: cannot find an event named "Zebra" in this scope',
      '    option (potter.v1.read_model) = {from: "Zebra"};',
      "                                           ^^^^^^^",
    ]);
  });

  it("reports unknown-reference of an inherited aggregate once", () => {
    const lines = diagnoseContract(
      `
service OrderService {
  option (potter.v1.service) = {aggregate: "Ordr"};
  rpc PlaceOrder(PlaceOrderRequest) returns (PlaceOrderResponse);
  rpc CancelOrder(PlaceOrderRequest) returns (PlaceOrderResponse);
}
`,
      order,
      place,
    );
    expect(lines).toEqual([
      'shop.proto:6:44: error unknown-reference: cannot find an aggregate named "Ordr" in this scope',
      '    option (potter.v1.service) = {aggregate: "Ordr"};',
      "                                             ^^^^^^",
      '  hint: did you mean "Order"?',
    ]);
  });

  it("reports unknown-reference of an rpc", () => {
    const lines = diagnoseContract(
      `
message Checkout {
  option (potter.v1.saga) = {
    starts_on: "OrderPlaced"
    step {name: "reserve" command: "Stock.Reserv" no_compensation: true}
  };
  string id = 1;
}
`,
      order,
      placed,
      stock,
    );
    expect(lines).toEqual([
      'shop.proto:8:36: error unknown-reference: cannot find an rpc named "Stock.Reserv" in this scope',
      '    step {name: "reserve" command: "Stock.Reserv" no_compensation: true}',
      "                                   ^^^^^^^^^^^^^^",
      '  hint: did you mean "Stock.Reserve"?',
    ]);
  });

  it("reports wrong-kind-reference with the missing option", () => {
    const lines = diagnoseContract(`
message OrderView {
  option (potter.v1.read_model) = {from: "OrderPlaced"};
  string id = 1;
}
message OrderPlaced {}
`);
    expect(lines).toEqual([
      "shop.proto:6:42: error wrong-kind-reference: OrderPlaced is not an event: it lacks option (potter.v1.event)",
      '    option (potter.v1.read_model) = {from: "OrderPlaced"};',
      "                                           ^^^^^^^^^^^^^",
      '  hint: add "option (potter.v1.event) = {};" to OrderPlaced',
    ]);
  });

  it("reports wrong-kind-reference with the actual role", () => {
    const lines = diagnoseContract(
      `
service OrderService {
  rpc PlaceOrder(PlaceOrderRequest) returns (PlaceOrderResponse) {
    option (potter.v1.command) = {aggregate: "Order" fails_with: "OrderPlaced"};
  }
}
`,
      order,
      placed,
      place,
    );
    expect(lines).toEqual([
      "shop.proto:7:66: error wrong-kind-reference: OrderPlaced is not an error, but an event",
      '    option (potter.v1.command) = {aggregate: "Order" fails_with: "OrderPlaced"};',
      "                                                                 ^^^^^^^^^^^^^",
      '  hint: name an error here, or declare a separate message: a message has one role; OrderPlaced belongs in "emits"',
    ]);
  });

  it("reports wrong-kind-reference at the wrong one of two lists", () => {
    const lines = (command: string, role: string) =>
      diagnoseContract(
        `
service OrderService {
  rpc PlaceOrder(PlaceOrderRequest) returns (PlaceOrderResponse) {
    option (potter.v1.command) = {
      aggregate: "Order" // emits: "OrderPlaced"
${command}
    };
  }
}
`,
        order,
        `message OrderPlaced { option (potter.v1.${role}) = {}; }\n`,
        place,
      ).slice(0, 2);
    const isEvent = "error wrong-kind-reference: OrderPlaced is not an error, but an event";
    const isError = "error wrong-kind-reference: OrderPlaced is not an event, but an error";
    const lists = '      emits: "OrderPlaced"\n      fails_with: "OrderPlaced"';
    expect(lines(lists, "event")).toEqual([`shop.proto:10:19: ${isEvent}`, '    fails_with: "OrderPlaced"']);
    expect(lines(lists, "error")).toEqual([`shop.proto:9:14: ${isError}`, '    emits: "OrderPlaced"']);
    const turned = `      fails_with: ["OrderPlaced"]\n      emits: ['OrderPlaced']`;
    expect(lines(turned, "event")).toEqual([`shop.proto:9:20: ${isEvent}`, '    fails_with: ["OrderPlaced"]']);
    expect(lines(turned, "error")).toEqual([`shop.proto:10:15: ${isError}`, "    emits: ['OrderPlaced']"]);
  });

  it.each([
    ['aggregate: "Order" emits: "OrderPlacd"', "unknown-reference"],
    ['aggregate: "Order" emits: "OrderPlacedButOfQuiteAnotherName"', "unknown-reference"],
    ['aggregate: "Ordr" emits: "OrderPlaced"', "unknown-reference"],
    ['emits: "OrderPlaced"', "events-without-aggregate"],
  ])("reports an unresolved name as a single error: %s", (command, code) => {
    const lines = diagnoseContract(
      `
service OrderService {
  rpc PlaceOrder(PlaceOrderRequest) returns (PlaceOrderResponse) {
    option (potter.v1.command) = {${command}};
  }
}
message Parcel { option (potter.v1.aggregate) = {}; string parcel_id = 1; }
`,
      order,
      placed,
      place,
    );
    expect(lines.filter((line) => line.includes(": error ")).map((line) => line.split(" ")[2])).toEqual([`${code}:`]);
  });

  it("reports two-roles of a message", () => {
    const lines = diagnoseContract(
      `
message OrderPlaced {
  option (potter.v1.event) = {};
  option (potter.v1.error) = {};
}
`,
      order,
    );
    expect(lines).toEqual([
      "shop.proto:5:9: error two-roles: OrderPlaced has more than one role: event, error",
      "    message OrderPlaced {",
      "            ^^^^^^^^^^^",
      "  hint: keep one of the options",
    ]);
  });

  it("reports two-roles of an rpc", () => {
    const lines = diagnoseContract(
      `
service OrderService {
  rpc PlaceOrder(PlaceOrderRequest) returns (PlaceOrderResponse) {
    option (potter.v1.command) = {};
    option (potter.v1.query) = {};
  }
}
`,
      place,
    );
    expect(lines).toEqual([
      "shop.proto:6:7: error two-roles: PlaceOrder has more than one role: command, query",
      "    rpc PlaceOrder(PlaceOrderRequest) returns (PlaceOrderResponse) {",
      "        ^^^^^^^^^^",
      "  hint: keep one of the options",
    ]);
  });
});
