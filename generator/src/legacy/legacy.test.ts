// Options of Go Potter are read as those of potter.v1, each with one warning.
import { describe, expect, it } from "vitest";
import { readOption } from "../descriptors/index.js";
import { formatPretty } from "../diagnostics/index.js";
import * as openapi from "../gen/potter/v1/openapi_pb.js";
import * as potter from "../gen/potter/v1/options_pb.js";
import { analyse } from "../pipeline/index.js";
import { compileLegacy, compileProto, diagnosticsOf, legacyContract } from "../testing/index.js";

const legacy = `
service Items {
  option (potter.service) = {
    module_name: "items"
    transport: ["REST", "NATS"]
    enable_openapi: true
    openapi_version: "3.0.3"
    openapi_info: {title: "Items" version: "1.2.0" contact: {email: "a@example.com"} license: {name: "MIT"}}
  };
  rpc CreateItem(CreateItemRequest) returns (ItemResponse) {
    option (potter.command) = {
      aggregate: "Item" async: true idempotent: true timeout_seconds: 30
      tags: ["write", "items"] summary: "Creates" description: "Creates an item." deprecated: true
    };
  }
  rpc UpdateItem(UpdateItemRequest) returns (ItemResponse) { option (potter.command) = {aggregate: "Item"}; }
  rpc GetItem(UpdateItemRequest) returns (ItemResponse) {
    option (potter.query) = {cacheable: true cache_ttl_seconds: 300 read_model: "ItemReadModel" tags: "read"};
  }
}
message CreateItemRequest { string title = 1; }
message UpdateItemRequest { string id = 1; string title = 2; }
message ItemResponse { string id = 1; }
message ItemAggregate {
  option (potter.aggregate) = {name: "Item" repository: "postgres"};
  string id = 1;
}
message ItemCreated { option (potter.event) = {event_type: "item.created" aggregate: "Item" version: 1}; string title = 1; }
message ItemRefused { option (potter.error_event) = {error_code: "REFUSED" retryable: true}; string reason = 1; }
message Money { option (potter.value_object) = {}; int64 units = 1; }
`;

const current = `
option (potter.v1.openapi_document) = {
  title: "Items" version: "1.2.0" contact: {email: "a@example.com"} license: {name: "MIT"}
};
service Items {
  rpc CreateItem(CreateItemRequest) returns (ItemResponse) {
    option (potter.v1.command) = {aggregate: "ItemAggregate" creates: true timeout: {seconds: 30}};
    option (potter.v1.openapi_operation) = {tags: ["write", "items"] summary: "Creates" description: "Creates an item."};
    option deprecated = true;
  }
  rpc UpdateItem(UpdateItemRequest) returns (ItemResponse) { option (potter.v1.command) = {aggregate: "ItemAggregate"}; }
  rpc GetItem(UpdateItemRequest) returns (ItemResponse) {
    option (potter.v1.query) = {cache_ttl: {seconds: 300}};
    option (potter.v1.openapi_operation) = {tags: "read"};
  }
}
message CreateItemRequest { string title = 1; }
message UpdateItemRequest { string id = 1; string title = 2; }
message ItemResponse { string id = 1; }
message ItemAggregate {
  option (potter.v1.aggregate) = {};
  string id = 1;
}
message ItemCreated {
  option (potter.v1.event) = {type: "item.created" aggregate: "ItemAggregate" version: 1}; string title = 1; }
message ItemRefused { option (potter.v1.error) = {code: CODE_UNAVAILABLE}; string reason = 1; }
message Money { int64 units = 1; }
`;

/** The diagnostics of declarations that start in line 5 of `shop.proto`. */
function diagnose(declarations: string): string {
  const text = legacyContract(declarations);
  return formatPretty(diagnosticsOf(compileLegacy({ "shop.proto": text })), () => text);
}

/** What options of potter.v1 and proto say about all elements of a contract. */
function readAll(declarations: string): unknown {
  const { model, diagnostics } = analyse(compileLegacy({ "shop.proto": legacyContract(declarations) }));
  expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  const file = model.files[0]?.desc;
  const rpcs = file?.services.flatMap(({ methods }) => methods) ?? [];
  return {
    document: file && readOption(file, openapi.openapi_document),
    services: file?.services.map((service) => readOption(service, potter.service)),
    rpcs: rpcs.map((rpc) => ({
      name: rpc.name,
      deprecated: rpc.deprecated,
      command: readOption(rpc, potter.command),
      query: readOption(rpc, potter.query),
      operation: readOption(rpc, openapi.openapi_operation),
      rest: rpc.proto.options?.$unknown?.map(({ no }) => no).sort(),
    })),
    messages: file?.messages.map((message) => ({
      name: message.name,
      aggregate: readOption(message, potter.aggregate),
      event: readOption(message, potter.event),
      error: readOption(message, potter.error),
      rest: message.proto.options?.$unknown?.map(({ no }) => no) ?? [],
    })),
  };
}

describe("options of Go Potter", () => {
  it("are read as the options of potter.v1", () => {
    expect(readAll(legacy)).toEqual(readAll(current));
  });

  it("are read where they are set field by field", () => {
    const whole = `message A { option (potter.aggregate) = {}; string id = 1; }
message B { option (potter.event) = {event_type: "b" aggregate: "A"}; }`;
    const parts = whole.replace(
      'option (potter.event) = {event_type: "b" aggregate: "A"};',
      'option (potter.event).event_type = "b"; option (potter.event).aggregate = "A";',
    );
    expect(readAll(parts)).toEqual(readAll(whole));
  });

  it("are each reported once, with what to write instead", () => {
    const found = diagnosticsOf(compileLegacy({ "shop.proto": legacyContract(legacy) }));
    const reported = found.filter(({ code }) => code.startsWith("legacy-"));
    expect(
      diagnose(legacy)
        .split("\n")
        .filter((line) => line.startsWith("shop.proto")),
    ).toEqual([
      "shop.proto:7:10: warning legacy-option: (potter.service) of Items is an option of Go Potter",
      "shop.proto:15:12: warning legacy-option: (potter.command) of CreateItem is an option of Go Potter",
      "shop.proto:20:69: warning legacy-option: (potter.command) of UpdateItem is an option of Go Potter",
      "shop.proto:22:12: warning legacy-option: (potter.query) of GetItem is an option of Go Potter",
      "shop.proto:29:10: warning legacy-option: (potter.aggregate) of ItemAggregate is an option of Go Potter",
      "shop.proto:32:30: warning legacy-option: (potter.event) of ItemCreated is an option of Go Potter",
      "shop.proto:33:30: warning legacy-option: (potter.error_event) of ItemRefused is an option of Go Potter",
      "shop.proto:34:24: warning legacy-without-counterpart: (potter.value_object) of Money has no effect",
    ]);
    expect(reported.map(({ hint }) => hint)).toEqual([
      "write at the top of the file option (potter.v1.openapi_document) = " +
        '{title: "Items" version: "1.2.0" contact: {email: "a@example.com"} license: {name: "MIT"}}; or run potter migrate. ' +
        "Without counterpart: module_name (the proto package names the generated modules); " +
        "transport (createApp says which transports serve, and google.api.http declares REST routes); " +
        "enable_openapi (the plugin protoc-gen-potter-openapi in buf.gen.yaml writes documents); " +
        "openapi_version (the option version=3.0 of protoc-gen-potter-openapi sets it)",
      'write option (potter.v1.command) = {aggregate: "ItemAggregate" creates: true timeout: {seconds: 30}}; ' +
        'option (potter.v1.openapi_operation) = {summary: "Creates" description: "Creates an item." tags: ["write", "items"]}; ' +
        "option deprecated = true; or run potter migrate. " +
        "Without counterpart: async (a command responds when its events are recorded; later work is a saga or a reaction); " +
        "idempotent (every command runs once for each idempotency key of a caller)",
      'write option (potter.v1.command) = {aggregate: "ItemAggregate"}; or run potter migrate',
      "write option (potter.v1.query) = {cache_ttl: {seconds: 300}}; " +
        'option (potter.v1.openapi_operation) = {tags: "read"}; or run potter migrate. ' +
        "Without counterpart: read_model (no message ItemReadModel with option (potter.v1.read_model) exists)",
      "write option (potter.v1.aggregate) = {}; or run potter migrate. " +
        "Without counterpart: name (options refer to the message ItemAggregate); " +
        "repository (the store that createApp gets keeps all aggregates)",
      'write option (potter.v1.event) = {type: "item.created" version: 1 aggregate: "ItemAggregate"}; or run potter migrate',
      "write option (potter.v1.error) = {code: CODE_UNAVAILABLE}; or run potter migrate. " +
        "Without counterpart: error_code (clients recognize an error by its message)",
      "remove it, or run potter migrate: a message that is no aggregate, event or read model needs no option",
    ]);
  });

  it("with the same numbers that another package defines are not read", () => {
    const other = `syntax = "proto3"; package potter; import "google/protobuf/descriptor.proto";
extend google.protobuf.MessageOptions { optional string label = 50001; }`;
    const text = `syntax = "proto3"; package shop; import "other.proto"; message A { option (potter.label) = "x"; }`;
    expect(diagnosticsOf(compileProto({ "other.proto": other, "shop.proto": text }))).toEqual([]);
  });
});

describe("an element with an option of Go Potter and one of potter.v1", () => {
  const order = "message Order { option (potter.v1.aggregate) = {}; string order_id = 1; }\n";
  const placed = (options: string): string => `${order}message Placed { ${options} string order_id = 1; }`;

  it("needs only the latter if they agree", () => {
    const text = placed(`option (potter.event) = {event_type: "placed"};
  option (potter.v1.event) = {type: "placed" aggregate: "Order"};`);
    expect(diagnose(text)).toContain("remove it, as the options of potter.v1 say the same, or run potter migrate");
    expect(readAll(text)).toMatchObject({ messages: [{}, { event: { type: "placed", aggregate: "Order" } }] });
  });

  it("has the fields of both", () => {
    const text = placed(`option (potter.event) = {event_type: "placed" aggregate: "Order"};
  option (potter.v1.event) = {version: 3};`);
    expect(readAll(text)).toMatchObject({
      messages: [{}, { event: { type: "placed", aggregate: "Order", version: 3 } }],
    });
  });

  it("is an error if they contradict each other", () => {
    const text = placed(`option (potter.event) = {event_type: "was.placed" aggregate: "Order"};
  option (potter.v1.event) = {type: "placed"};`);
    expect(diagnose(text).split("\n")).toEqual([
      'shop.proto:6:25: error legacy-contradiction: (potter.event) of Placed contradicts "type" of (potter.v1.event)',
      '    message Placed { option (potter.event) = {event_type: "was.placed" aggregate: "Order"};',
      "                            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^",
      "  hint: remove (potter.event), or correct (potter.v1.event): only the latter has an effect",
    ]);
  });

  it("is an error if they give it two roles", () => {
    expect(diagnose(placed("option (potter.event) = {}; option (potter.v1.read_model) = {};"))).toContain(
      "error two-roles: Placed has more than one role: event, read_model",
    );
  });
});

describe("a reference in an option of Go Potter", () => {
  it("is an error at its place if it names no aggregate", () => {
    expect(diagnose(`message Placed {\n  option (potter.event) = {aggregate: "Ordr"};\n  string id = 1;\n}`)).toContain(
      'shop.proto:6:39: error unknown-reference: cannot find an aggregate named "Ordr"',
    );
  });

  it("names a read model only if there is one", () => {
    const order = `message Order { option (potter.aggregate) = {}; string order_id = 1; }
message Placed { option (potter.event) = {aggregate: "Order"}; }
message OrderView { option (potter.v1.read_model) = {from: "Placed"}; string order_id = 1; }
message Request { string order_id = 1; }
service Orders { rpc GetOrder(Request) returns (OrderView) { option (potter.query) = {read_model: "OrderView"}; } }`;
    expect(diagnose(order)).toContain('write option (potter.v1.query) = {read_model: "OrderView"};');
    expect(diagnose(order.replace('{read_model: "OrderView"}', '{read_model: "Views"}'))).toContain(
      "Without counterpart: read_model (no message Views with option (potter.v1.read_model) exists)",
    );
  });
});
