import { expect, it } from "vitest";
import { analyse } from "../pipeline/index.js";
import { compileProto } from "../testing/index.js";
import { listFileReferences } from "./file-references.js";

const inPackage = (name: string, declarations: string): string =>
  `syntax = "proto3";\npackage ${name};\nimport "potter/v1/options.proto";\n${declarations}`;

it("lists what a file imports, and what the names in its options mean", () => {
  const request = compileProto({
    "orders.proto": inPackage(
      "orders",
      `message Order { option (potter.v1.aggregate) = {}; string order_id = 1; }
message Placed { option (potter.v1.event) = {}; }
service Orders { option (potter.v1.service) = {aggregate: "Order"};
rpc Place(Order) returns (Order) { option (potter.v1.command) = {emits: "Placed"}; } }`,
    ),
    // Imports nothing of the orders.
    "view.proto": inPackage(
      "views",
      `message View { option (potter.v1.read_model) = {from: "orders.Placed"}; string view_id = 1; }`,
    ),
    "saga.proto": inPackage(
      "sagas",
      `message Buy { option (potter.v1.saga) = {step: {name: "place" command: "orders.Orders.Place" no_compensation: true}};
string buy_id = 1 [(potter.v1.field).id = true]; }`,
    ),
  });
  const references = listFileReferences(analyse(request).model);
  const ofContract = (name: string) => [...(references.get(name) ?? [])].filter((one) => one !== name).sort();
  expect(ofContract("view.proto")).toEqual(expect.arrayContaining(["orders.proto", "potter/v1/options.proto"]));
  expect(ofContract("saga.proto")).toContain("orders.proto");
  expect(ofContract("orders.proto")).not.toContain("view.proto");
});
