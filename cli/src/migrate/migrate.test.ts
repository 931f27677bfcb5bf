// `potter migrate`: what it writes, what it leaves as it is, and that the contract says the same afterwards.
import { chmodSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { main } from "../main.js";
import { createProject, type TestProject } from "../project.fixture.js";

const contract = `syntax = "proto3";

package shop;

// The options of Go.
import "potter/options.proto";

option java_package = "shop";

service Items {
  option (potter.service) = {
    module_name: "items"
    // Served by Go.
    transport: ["REST", "GraphQL"]
    openapi_info: {title: "Items" version: "1.2.0" contact: {email: "items@example.com"} license: {name: "MIT"}}
  };

  // Creates an item.
  rpc CreateItem(CreateItemRequest) returns (ItemResponse) {
    option (potter.command) = {
      aggregate: "Item", // the root
      async: true, // not here
      timeout_seconds: 30,
      tags: ["write"],
      deprecated: true
    };
  }
  rpc GetItem(GetItemRequest) returns (ItemResponse) { option (potter.query) = { cacheable: true, cache_ttl_seconds: 60 }; }
}

message CreateItemRequest { string title = 1; }
message GetItemRequest { string id = 1; }
message ItemResponse { string id = 1; }

message ItemAggregate {
  // The root of items.
  option (potter.aggregate) = {name: 'Item' repository: "postgres"};
  string id = 1;
}
message ItemCreated {
  option (potter.event).event_type = "item.created";
  option (potter.event).aggregate = "Item";
  option (potter.event).version = 2; // the second
  Money price = 1;
}
message ItemRefused { option (potter.error_event) = {error_code: "REFUSED", retryable: true}; }
message Money {
  // A value.
  option (potter.value_object) = {};
  int64 units = 1;
}
`;

const rewritten = `syntax = "proto3";

package shop;

// The options of Go.
import "potter/v1/options.proto";
import "potter/v1/openapi.proto";

option java_package = "shop";

option (potter.v1.openapi_document) = {
  title: "Items"
  version: "1.2.0"
  contact: {email: "items@example.com"}
  license: {name: "MIT"}
};

service Items {

  // Served by Go.

  // Creates an item.
  rpc CreateItem(CreateItemRequest) returns (ItemResponse) {
    option (potter.v1.command) = {
      aggregate: "ItemAggregate", // the root
      // not here
      timeout: {seconds: 30},
      creates: true
    };
    option (potter.v1.openapi_operation) = {tags: "write"};
    option deprecated = true;
  }
  rpc GetItem(GetItemRequest) returns (ItemResponse) { option (potter.v1.query) = { cache_ttl: {seconds: 60} }; }
}

message CreateItemRequest { string title = 1; }
message GetItemRequest { string id = 1; }
message ItemResponse { string id = 1; }

message ItemAggregate {
  // The root of items.
  option (potter.v1.aggregate) = {};
  string id = 1;
}
message ItemCreated {
  option (potter.v1.event).type = "item.created";
  option (potter.v1.event).aggregate = "ItemAggregate";
  option (potter.v1.event).version = 2; // the second
  Money price = 1;
}
message ItemRefused { option (potter.v1.error) = {code: CODE_UNAVAILABLE}; }
message Money {

  // A value.

  int64 units = 1;
}
`;

describe("potter migrate", () => {
  let project: TestProject;
  let out: string[];
  let errors: string[];
  const path = "proto/shop/items.proto";

  beforeEach(() => {
    project = createProject({ [path]: contract });
    out = [];
    errors = [];
    vi.spyOn(console, "log").mockImplementation((text) => out.push(String(text)));
    vi.spyOn(console, "error").mockImplementation((text) => errors.push(String(text)));
  });
  afterEach(() => project.delete());

  it("rewrites options and imports, keeps comments and layout, and lists what has no counterpart", async () => {
    const others = project.read("proto/bank/v1/account.proto");
    expect(await main(["migrate"], project.folder)).toBe(0);
    expect(project.read(path)).toBe(rewritten);
    expect(project.read("proto/bank/v1/account.proto")).toBe(others);
    expect(out.join("\n").split("\n")).toEqual([
      `${path}:11:3: removed module_name: the proto package names the generated modules`,
      `${path}:11:3: removed transport: createApp says which transports serve, and google.api.http declares REST routes`,
      `${path}:20:5: removed async: a command responds when its events are recorded; later work is a saga or a reaction`,
      `${path}:37:3: removed name: options refer to the message ItemAggregate`,
      `${path}:37:3: removed repository: the store that createApp gets keeps all aggregates`,
      `${path}:46:23: removed error_code: clients recognize an error by its message`,
      `${path}:49:3: removed (potter.value_object): a message that is no aggregate, event or read model needs no option`,
      `${path}: rewrote 7 options`,
    ]);
  });

  it("leaves what potter generate writes as it was", async () => {
    const modules = ["proto", "node_modules/@potter/generator/proto", "node_modules/@potter/generator/go-potter"];
    project.write("buf.yaml", `version: v2\nmodules:\n${modules.map((module) => `  - path: ${module}\n`).join("")}`);
    expect(await main(["generate", "--no-scaffold"], project.folder), errors.join("\n")).toBe(0);
    expect(errors.join("\n")).toContain(
      `${path}:20:12: warning legacy-option: (potter.command) of CreateItem is an option of Go Potter`,
    );
    const code = (): string => project.read("gen/shop/items_cqrs.ts");
    const before = code();
    errors.length = 0;
    expect(await main(["migrate"], project.folder)).toBe(0);
    expect(await main(["generate", "--no-scaffold"], project.folder)).toBe(0);
    expect([code(), errors.join("\n")]).toEqual([before, ""]);
  });

  it("does nothing the second time", async () => {
    await main(["migrate"], project.folder);
    out.length = 0;
    expect(await main(["migrate"], project.folder)).toBe(0);
    expect([out, errors]).toEqual([[], ["nothing to do: no proto file has options of Go Potter"]]);
    expect(project.read(path)).toBe(rewritten);
  });

  it("writes nothing in a dry run, and prints a diff", async () => {
    expect(await main(["migrate", "--dry-run"], project.folder)).toBe(0);
    expect(project.read(path)).toBe(contract);
    expect(out).toHaveLength(1);
    expect(out[0]).toContain(`--- a/${path}\n+++ b/${path}\n`);
    expect(out[0]).toContain('-  option (potter.event).event_type = "item.created";');
    expect(errors.at(-1)).toContain(`${path}: would rewrite 7 options`);
  });

  it("prints one JSON object", async () => {
    expect(await main(["migrate", "--json"], project.folder)).toBe(0);
    const result = JSON.parse(out.join("\n")) as { readonly lost: readonly object[] };
    expect(result).toMatchObject({ ok: true, isDryRun: false, changed: [{ path, options: 7 }], refused: [] });
    expect(result.lost).toContainEqual({
      ...{ path, line: 37, column: 3 },
      message: "removed name: options refer to the message ItemAggregate",
    });
  });

  it("keeps line ends of Windows and a byte order mark", async () => {
    project.write(path, `\ufeff${contract.replaceAll("\n", "\r\n")}`);
    expect(await main(["migrate"], project.folder)).toBe(0);
    expect(project.read(path)).toBe(`\ufeff${rewritten.replaceAll("\n", "\r\n")}`);
  });

  it("leaves an option as it is that contradicts one of potter.v1, and rewrites the others", async () => {
    const text = `syntax = "proto3";
package shop;
import "potter/options.proto";
import "potter/v1/options.proto";
message Order { option (potter.aggregate) = {}; string order_id = 1; }
message Placed {
  option (potter.event) = {event_type: "order.placed" aggregate: "Order"};
  option (potter.v1.event) = {type: "placed"};
}
message Paid {
  option (potter.event) = {event_type: "paid"};
  option (potter.v1.event) = {type: "paid" aggregate: "Order"};
}
`;
    project.write(path, text);
    expect(await main(["migrate"], project.folder)).toBe(1);
    expect(project.read(path)).toBe(
      text
        .replace("(potter.aggregate)", "(potter.v1.aggregate)")
        .replace('  option (potter.event) = {event_type: "paid"};\n', ""),
    );
    expect(out.join("\n").split("\n")).toEqual([
      `${path}:7:3: refused: (potter.event) of shop.Placed is left as it is: it contradicts (potter.v1.event) of the same element`,
      '    option (potter.v1.event) = {type: "order.placed" aggregate: "Order"};',
      `${path}: rewrote 2 options`,
    ]);
  });

  it("leaves an option as it is if the one of potter.v1 lacks a part of it", async () => {
    const text = `syntax = "proto3";
package shop;
import "potter/options.proto";
import "potter/v1/options.proto";
message Order { option (potter.v1.aggregate) = {}; string order_id = 1; }
message Placed {
  option (potter.event) = {event_type: "order.placed" aggregate: "Order"};
  option (potter.v1.event) = {version: 2};
}
`;
    project.write(path, text);
    expect(await main(["migrate"], project.folder)).toBe(1);
    expect(project.read(path)).toBe(text);
    expect(out[0]).toContain("the element also has (potter.v1.event), which lacks a part of it");
  });

  it("keeps comments apart from what is above and below", async () => {
    const head = 'syntax = "proto3";\npackage shop;\n';
    const old = `message A {
  int64 b = 1;
  option (potter.value_object) = {};
  // c

  int64 a = 2;
}
message B {
  option (potter.value_object) = {}; /* of a */
  int64 a = 1;
  // Of the option.
  option (potter.event) = {aggregate: "C"};
  // d
}
message C { option (potter.aggregate) = {}; string id = 1; }
`;
    project.write(path, `${head}import "potter/options.proto";\n${old}`);
    expect(await main(["migrate"], project.folder), out.join("\n")).toBe(0);
    expect(project.read(path)).toBe(
      `${head}import "potter/v1/options.proto";\n${old
        .replace("  option (potter.value_object) = {};\n  // c", "\n  // c")
        .replace("option (potter.value_object) = {}; /* of a */", "/* of a */")
        .replaceAll("(potter.", "(potter.v1.")}`,
    );
  });

  it("leaves a file as it is that would say something else, and rewrites the others", async () => {
    const text = `syntax = "proto3";
package odd;
import "potter/options.proto";
message A {
  int64 b = 2; option (potter.value_object) = {}; // c
  int64 a = 1;
}
`;
    project.write("proto/odd/odd.proto", text);
    expect(await main(["migrate"], project.folder)).toBe(1);
    expect(project.read("proto/odd/odd.proto")).toBe(text);
    expect(project.read(path)).toBe(rewritten);
    expect(out.join("\n")).toContain(
      "proto/odd/odd.proto: refused: the file is left as it is, because it would say something else about field odd.A.b: rewrite it by hand",
    );
  });

  it("uses the definition that the project has, and keeps a public import", async () => {
    const definition = `syntax = "proto3"; package potter; import "google/protobuf/descriptor.proto";
message EventOptions { string event_type = 1; string aggregate = 2; }
extend google.protobuf.MessageOptions { optional EventOptions event = 50001; }
`;
    project.write("proto/potter/options.proto", definition);
    project.write("proto/shop/base.proto", 'syntax = "proto3";\nimport public "potter/options.proto";\n');
    project.write(
      path,
      `syntax = "proto3"; package shop; import "shop/base.proto"; import "potter/v1/options.proto";
message Order { option (potter.v1.aggregate) = {}; string order_id = 1; }
message Placed { option (potter.event) = {event_type: "placed" aggregate: "Order"}; }
`,
    );
    expect(await main(["migrate"], project.folder)).toBe(1);
    expect(project.read(path)).toContain(
      'message Placed { option (potter.v1.event) = {type: "placed" aggregate: "Order"}; }',
    );
    expect(project.read("proto/potter/options.proto")).toBe(definition);
    expect(out.join("\n")).toContain(
      "proto/shop/base.proto:2:1: refused: the public import of potter/options.proto is left as it is: other files may need it",
    );
  });

  it("rewrites the import path of old documentation, under which buf finds nothing", async () => {
    project.write(path, contract.replace("potter/options.proto", "github.com/akriventsev/potter/options.proto"));
    expect(await main(["migrate"], project.folder)).toBe(0);
    expect(project.read(path)).toBe(rewritten);
  });

  it("writes nothing if the contract does not compile", async () => {
    project.write("proto/bank/v1/account.proto", "syntax = ;");
    expect(await main(["migrate"], project.folder)).toBe(1);
    expect(project.read(path)).toBe(contract);
    expect(errors.join("\n")).toContain("proto/bank/v1/account.proto:1:10");
  });

  it("writes nothing if the project lacks the annotations", async () => {
    project.write("buf.yaml", "version: v2\nmodules:\n  - path: proto\n");
    project.remove("proto/bank");
    expect(await main(["migrate"], project.folder)).toBe(1);
    expect(project.read(path)).toBe(contract);
    expect(errors.join("\n")).toContain(
      "If your buf.yaml has no module with potter/v1/options.proto, run potter init first, which adds it",
    );
  });

  it("says so if it cannot write, or is not in a workspace of buf", async () => {
    project.remove("buf.yaml");
    expect(await main(["migrate"], project.folder)).toBe(2);
    expect(errors.join("\n")).toContain("has no buf.yaml: run potter migrate in the folder of your buf.yaml");
    expect(await main(["migrate", "--dry"], project.folder)).toBe(2);
  });

  it.skipIf(process.getuid?.() === 0)("names a file that it cannot write", async () => {
    chmodSync(join(project.folder, "proto/shop"), 0o500);
    expect(await main(["migrate"], project.folder)).toBe(1);
    chmodSync(join(project.folder, "proto/shop"), 0o700);
    expect(project.read(path)).toBe(contract);
    expect(out.join("\n")).toContain(`${path}: refused: not written: no permission to write in this folder`);
  });
});
