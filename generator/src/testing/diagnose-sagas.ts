// Contracts of sagas for tests of their rules: compiled in one run, since each run starts a process.
import { formatPretty } from "../diagnostics/index.js";
import { compileProto } from "./compile-proto.js";
import { contract } from "./contract.js";
import { diagnosticsOf } from "./diagnose.js";
import { narrowTo } from "./narrow-to.js";

/** What the sagas of tests refer to. */
const shop = `
message Order { option (potter.v1.aggregate) = {}; string order_id = 1 [(potter.v1.field).id = true]; }
message Customer { option (potter.v1.aggregate) = {}; string customer_id = 1 [(potter.v1.field).id = true]; }
message Profile { option (potter.v1.aggregate) = {persistence: PERSISTENCE_STATE}; string profile_id = 1; }
message OrderPlaced { option (potter.v1.event) = {aggregate: "Order" type: "order.placed" version: 2}; string order_id = 1; }
message OrderPlacedV0 { option (potter.v1.event) = {type: "order.placed" superseded_by: "OrderPlaced"}; string order_id = 1; }
message OrderApproved { option (potter.v1.event) = {aggregate: "Order"}; string order_id = 1; int64 number = 2; }
message CustomerCalled { option (potter.v1.event) = {aggregate: "Customer"}; string customer_id = 1; }
message ProfileSaved { option (potter.v1.event) = {aggregate: "Profile"}; string order_id = 1; }
message Request { string sku = 1; }
message Response {}
service Stock {
  rpc Reserve(Request) returns (Response);
  rpc Release(Request) returns (Response);
  rpc Charge(Request) returns (Response);
  rpc FindStock(Request) returns (Response);
  rpc ReserveAll(Request) returns (stream Response);
}
message Payment {
  option (potter.v1.saga) = {
    step {name: "charge" command: "Stock.Charge"}
  };
  string payment_id = 1;
}
message Insurance {
  option (potter.v1.saga) = {
    step {name: "cover" command: "Stock.Charge" no_compensation: true pivot: true}
  };
  string insurance_id = 1;
}`;

/** Returns the formatted diagnostics, by line, of each list of options for a saga `Checkout` whose options start in line 8. */
export function diagnoseSagas(sagas: readonly (readonly string[])[]): readonly (readonly string[])[] {
  const files = sagas.map((options, at) => [`${at}/shop.proto`, checkout(options, `shop${at}`)] as const);
  const request = compileProto(Object.fromEntries(files));
  return files.map(([path, text]) => {
    const diagnostics = formatPretty(diagnosticsOf(narrowTo(request, [path])), () => text);
    return diagnostics === "" ? [] : diagnostics.replaceAll(path, "shop.proto").split("\n");
  });
}

function checkout(options: readonly string[], pkg: string): string {
  const lines = options.map((option) => `    ${option}\n`).join("");
  return contract(`
message Checkout {
  option (potter.v1.saga) = {
    starts_on: "OrderPlaced"
${lines}  };
  string order_id = 1 [(potter.v1.field).id = true];
  google.protobuf.Timestamp deliver_at = 2;
  repeated int64 numbers = 3;
}${shop}`).replace("package shop;", `package ${pkg};`);
}
