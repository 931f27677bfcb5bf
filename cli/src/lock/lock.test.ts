// What potter.lock records: the names of the GraphQL schema and the contract are recorded, kept, removed.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { compileProto, emitGraphQL, root } from "../../../generator/src/testing/index.js";
import { main } from "../main.js";

const orders = `syntax = "proto3";
package shop;
service OrderService {
  rpc GetOrder(GetOrderRequest) returns (Order);
  rpc Touch(TouchRequest) returns (TouchResponse);
}
message GetOrderRequest { string order_id = 1; }
message Order { string order_id = 1; Status status = 2; oneof paid { string card = 3; } }
message TouchRequest {}
message TouchResponse {}
enum Status { STATUS_UNSPECIFIED = 0; STATUS_OPEN = 1; }
`;

const withAnnotations = "version: v2\nmodules:\n  - path: proto\n  - path: node_modules/@potter/generator/proto\n";
const aggregate = `syntax = "proto3";
package shop;
import "google/api/annotations.proto";
import "potter/v1/options.proto";
service Orders {
  option (potter.v1.service) = {aggregate: "Order"};
  rpc Place(PlaceRequest) returns (PlaceResponse) {
    option (potter.v1.command) = {emits: "Placed"};
    option (google.api.http) = {post: "/v1/orders" body: "*"};
  }
}
message Order {
  option (potter.v1.aggregate) = {};
  string order_id = 1 [(potter.v1.field).id = true];
}
message PlaceResponse {}
message Placed { option (potter.v1.event) = {type: "order.placed"}; }
message PlaceRequest { string order_id = 1; }
`;

describe("potter lock", () => {
  let folder: string;
  let out: string[];
  let errors: string[];
  const write = (path: string, text: string): void => writeFileSync(join(folder, path), text);
  const read = (): string => readFileSync(join(folder, "potter.lock"), "utf8");
  const names = (): readonly string[] =>
    read()
      .split("\n")
      .filter((line) => line.startsWith("graphql "));

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "potter-lock-"));
    mkdirSync(join(folder, "proto"));
    symlinkSync(join(root, "node_modules"), join(folder, "node_modules"), "dir");
    write("buf.yaml", "version: v2\nmodules:\n  - path: proto\n");
    write("proto/orders.proto", orders);
    out = [];
    errors = [];
    vi.spyOn(console, "log").mockImplementation((text) => out.push(String(text)));
    vi.spyOn(console, "error").mockImplementation((text) => errors.push(String(text)));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("records the names in order, and adds new ones", async () => {
    expect(await main(["lock"], folder)).toBe(0);
    expect(names()).toEqual([
      "graphql Mutation.touch = shop.OrderService.Touch",
      "graphql Order = shop.Order",
      "graphql Order.orderId = shop.Order.order_id",
      "graphql Order.paid = shop.Order.paid",
      "graphql Order.status = shop.Order.status",
      "graphql OrderPaid = shop.Order.paid (union)",
      "graphql OrderPaid.OrderPaidCard = shop.Order.paid (union).OrderPaidCard",
      "graphql OrderPaidCard = shop.Order.card (member)",
      "graphql OrderPaidCard.card = shop.Order.card (member).card",
      "graphql Query.order = shop.OrderService.GetOrder",
      "graphql Query.order(orderId) = shop.OrderService.GetOrder(orderId)",
      "graphql Status = shop.Status",
      "graphql Status.OPEN = shop.Status.STATUS_OPEN",
      "graphql Status.UNSPECIFIED = shop.Status.STATUS_UNSPECIFIED",
      "graphql TouchResponse = shop.TouchResponse",
      "graphql TouchResponse._ = shop.TouchResponse",
    ]);
    expect(await main(["lock"], folder)).toBe(0);
    write(
      "proto/orders.proto",
      orders.replace("string order_id = 1; Status", "string order_id = 1; int32 size = 9; Status"),
    );
    expect(await main(["lock"], folder)).toBe(0);
    expect(read()).toContain("graphql Order.size = shop.Order.size\n");
    expect(out).toEqual([
      "potter.lock records 16 GraphQL names, 2 routes; previously nothing",
      "potter.lock is up to date",
      "potter.lock records 17 GraphQL names, 2 routes; previously 16 GraphQL names, 2 routes",
    ]);
  });

  it("rejects the loss of a name, unless --accept is set", async () => {
    await main(["lock"], folder);
    const before = read();
    const recorded = names();
    write("proto/orders.proto", orders.replace("Status status = 2;", 'Status status = 2 [json_name = "state"];'));
    expect(await main(["lock"], folder)).toBe(1);
    expect(errors.join("\n")).toContain(
      'proto/orders.proto:8:45: error graphql-locked-name: the locked GraphQL name "Order.status" of shop.Order.status would change to "Order.state"',
    );
    expect(read()).toBe(before);
    expect(await main(["lock", "--accept"], folder)).toBe(0);
    expect(names()).toEqual(recorded.map((line) => line.replace("Order.status = ", "Order.state = ")).sort());
  });

  it("rejects lost arguments, union members and list types, also in a contract without a package", async () => {
    const listing = `syntax = "proto3";
service OrderService { rpc ListOrders(Paged) returns (Orders); }
message Paged { int32 page_size = 1; string page_token = 2; string text = 3; }
message Orders { repeated Order orders = 1; string next_page_token = 2; }
message Order { string id = 1; oneof paid { string card = 2; string cash = 3; } }
`;
    write("proto/orders.proto", listing);
    expect(await main(["lock"], folder)).toBe(0);
    const without = (text: string) => listing.replace(text, "");
    for (const [text, lost] of [
      ["string text = 3;", "Query.orders(text)"],
      ["string cash = 3;", "OrderPaid.OrderPaidCash"],
      ["string next_page_token = 2;", "OrdersConnection.edges"],
    ] as const) {
      write("proto/orders.proto", without(text));
      errors.length = 0;
      expect(await main(["lock"], folder)).toBe(1);
      expect(errors.join("\n")).toContain(`the locked GraphQL name "${lost}"`);
    }
  });

  it("reports errors of the lock, the contract and the command line", async () => {
    write("potter.lock", "graphql Query.order shop.OrderService.GetOrder\n");
    expect(await main(["lock"], folder)).toBe(1);
    write("potter.lock", "");
    write("proto/orders.proto", "syntax = ;");
    expect(await main(["lock"], folder)).toBe(1);
    expect(await main(["lock", "--acept"], folder)).toBe(2);
    expect(errors[0]).toBe(
      'potter: potter.lock: line 1 of the lock file is invalid: expected "graphql <name> = <element>", found "graphql Query.order shop.OrderService.GetOrder"',
    );
    expect(errors[1]).toMatch(/^potter: buf cannot compile the contract:\nproto\/orders\.proto:1:10:/);
    expect(errors[2]).toBe(
      "potter: unknown option --acept: did you mean --accept? potter lock --help lists the options",
    );
  });

  it("writes the file at an absolute path", async () => {
    write("proto/orders.proto", orders);
    const path = join(folder, "elsewhere.lock");
    expect(await main(["lock", "--file", path], folder)).toBe(0);
    expect(readFileSync(path, "utf8")).toContain("graphql ");
  });

  it("prints its help in lines of at most 80 characters", async () => {
    expect(await main(["lock", "--help"], folder)).toBe(0);
    expect(out.join("\n")).toContain("--file <path>   the file to write; default: potter.lock");
    expect(
      Math.max(
        ...out
          .join("\n")
          .split("\n")
          .map((line) => line.length),
      ),
    ).toBeLessThanOrEqual(80);
  });

  it("keeps names that another file would take, and the placeholder field of a response that was empty", async () => {
    await main(["lock"], folder);
    const lock = read();
    const earlier = `syntax = "proto3";\npackage archive;\nservice Archive { rpc GetOrder(Order) returns (Order); }\nmessage Order { int64 number = 1; }\n`;
    const grown = orders.replace("message TouchResponse {}", "message TouchResponse { bool done = 1; }");
    const request = compileProto({ "archive.proto": earlier, "orders.proto": grown });
    const kept = emitGraphQL(request, { lock })["schema.graphql"] ?? "";
    expect(kept).toContain("  order(orderId: ID): Order\n");
    expect(kept).toContain("  getOrder(number: Int64): ArchiveOrder\n");
    expect(kept).toContain("type ArchiveOrder {\n  number: Int64!\n}");
    expect(kept).toMatch(/type TouchResponse \{\n {2}done: Boolean!\n.*?\n {2}_: Boolean @deprecated/s);
    const alike = orders.replace(
      "message TouchResponse {}",
      "message TouchResponse { OrderPaid paid = 1; } message OrderPaid { string by = 1; }",
    );
    const named = emitGraphQL(compileProto({ "orders.proto": alike }), { lock })["schema.graphql"] ?? "";
    expect(named).toContain("union OrderPaid = OrderPaidCard");
    expect(named).toContain("type ShopOrderPaid {");
    const free = emitGraphQL(request)["schema.graphql"] ?? "";
    expect(free).toContain("type Order {\n  number: Int64!\n}");
  });

  it("records events, routes, sagas and descriptors, one line for each, in a stable order", async () => {
    write("buf.yaml", withAnnotations);
    write("proto/orders.proto", aggregate);
    expect(await main(["lock"], folder)).toBe(0);
    const lines = read().trimEnd().split("\n").slice(1);
    expect(lines.filter((line) => !line.startsWith("graphql ")).map((line) => line.replace(/ \S{20,}$/, " …"))).toEqual(
      [
        "event order.placed@1 = shop.Placed",
        "rest POST /v1/orders = shop.Orders.Place",
        "file orders.proto = …",
        "message shop.Order = orders.proto …",
        "message shop.PlaceRequest = orders.proto …",
        "message shop.PlaceResponse = orders.proto …",
        "message shop.Placed = orders.proto …",
        "service shop.Orders = orders.proto …",
      ],
    );
    // Comments, and the order of the file, are no part of the contract.
    const before = read();
    write(
      "proto/orders.proto",
      aggregate.replace("message PlaceResponse {}\n", "").concat("// New.\nmessage PlaceResponse {}\n"),
    );
    expect(await main(["lock"], folder)).toBe(0);
    expect(read()).toBe(before);
  });

  it("refuses a breaking change with its place, until it is accepted", async () => {
    write("buf.yaml", withAnnotations);
    write("proto/orders.proto", aggregate);
    await main(["lock"], folder);
    const before = read();
    write("proto/orders.proto", aggregate.replace('"order.placed"', '"order.taken"'));
    expect(await main(["lock"], folder)).toBe(1);
    expect(errors.join("\n")).toContain(
      "proto/orders.proto (base): breaking event-removed: the contract no longer has the event order.placed version 1",
    );
    expect(errors.at(-1)).toBe("potter: nothing was written; npx potter lock --accept records the contract as it is");
    expect(read()).toBe(before);
    expect(await main(["lock", "--accept"], folder)).toBe(0);
    expect(read()).toContain("event order.taken@1 = shop.Placed\n");
    expect(read()).not.toContain("order.placed");
  });

  it("reads a lock that was written before it recorded the contract, and adds to it", async () => {
    write("buf.yaml", withAnnotations);
    write("proto/orders.proto", aggregate);
    await main(["lock"], folder);
    const whole = read();
    const old = whole.split("\n").filter((line) => /^(?:#|graphql )/.test(line));
    write("potter.lock", `${old.join("\n")}\n`);
    expect(await main(["lock"], folder)).toBe(0);
    expect(read()).toBe(whole);
  });

  it("reports a conflict of a merge, a repeated line and an unknown one with what to do", async () => {
    write("buf.yaml", withAnnotations);
    write("proto/orders.proto", aggregate);
    await main(["lock"], folder);
    const whole = read();
    const event = "event order.placed@1 = shop.Placed\n";
    const faults = [
      [
        `<<<<<<< HEAD\n${event}=======\n>>>>>>> other\n`,
        /^potter: potter\.lock:\d+: the file has a conflict of a merge: keep the lines of both sides, .* npx potter lock$/,
      ],
      [`${event}${event}`, /^potter: potter\.lock:\d+: the line repeats event order\.placed@1: keep either line/],
      [
        "events order.placed@1 = shop.Placed\n",
        /^potter: potter\.lock:\d+: the line is invalid: expected "<kind> <name> = <value>", found "events /,
      ],
    ] as const;
    for (const [text, message] of faults) {
      errors.length = 0;
      write("potter.lock", whole.replace(event, text));
      expect(await main(["lock"], folder)).toBe(1);
      expect(errors).toEqual([expect.stringMatching(message)]);
    }
    expect(() =>
      emitGraphQL(compileProto({ "orders.proto": orders }), { lock: whole.replace(event, "<<<<<<< HEAD\n") }),
    ).toThrow(/line \d+ of the lock file is a conflict of a merge/);
    expect(Object.keys(emitGraphQL(compileProto({ "orders.proto": aggregate }), { lock: whole }))).toContain(
      "schema.graphql",
    );
  });

  it("refuses a contract with errors", async () => {
    write("buf.yaml", withAnnotations);
    write("proto/orders.proto", aggregate.replace('emits: "Placed"', 'emits: "Plced"'));
    expect(await main(["lock"], folder)).toBe(1);
    expect(errors.join("\n")).toContain("error unknown-reference");
  });
});
