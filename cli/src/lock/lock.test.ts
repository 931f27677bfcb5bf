// The names that clients of the GraphQL schema use: recorded, kept, removed.
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

describe("potter lock", () => {
  let folder: string;
  let out: string[];
  let errors: string[];
  const write = (path: string, text: string): void => writeFileSync(join(folder, path), text);
  const read = (): string => readFileSync(join(folder, "potter.lock"), "utf8");

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
    expect(read().split("\n").slice(1)).toEqual([
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
      "",
    ]);
    expect(await main(["lock"], folder)).toBe(0);
    write(
      "proto/orders.proto",
      orders.replace("string order_id = 1; Status", "string order_id = 1; int32 size = 9; Status"),
    );
    expect(await main(["lock"], folder)).toBe(0);
    expect(read()).toContain("graphql Order.size = shop.Order.size\n");
    expect(out).toEqual([
      "potter.lock: 16 names, previously 0",
      "potter.lock is up to date",
      "potter.lock: 17 names, previously 16",
    ]);
  });

  it("rejects the loss of a name, unless --accept is set", async () => {
    await main(["lock"], folder);
    const before = read();
    write("proto/orders.proto", orders.replace("Status status = 2;", 'Status status = 2 [json_name = "state"];'));
    expect(await main(["lock"], folder)).toBe(1);
    expect(errors.join("\n")).toContain(
      'error graphql-locked-name: the locked GraphQL name "Order.status" of shop.Order.status would change to "Order.state"',
    );
    expect(read()).toBe(before);
    expect(await main(["lock", "--accept"], folder)).toBe(0);
    expect(read()).toBe(before.replace("Order.status = ", "Order.state = ").split("\n").sort(byName).join("\n"));
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
    expect(out.join("\n")).toContain("--file <path>   the file of names; default: potter.lock");
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
});

/** Orders the comment first, then by name. */
function byName(a: string, b: string): number {
  const nameOf = (line: string): string => (line === "" ? "~" : line.startsWith("#") ? "" : (line.split(" ")[1] ?? ""));
  return nameOf(a) < nameOf(b) ? -1 : nameOf(a) > nameOf(b) ? 1 : 0;
}
