// All names in a document are unique, whatever the names in the contract.
import { describe, expect, it } from "vitest";
import {
  compileProto,
  diagnosticsOf,
  documentOf,
  emitGraphQL,
  emitOpenApi,
  type ProtoFiles,
} from "../../testing/index.js";

const file = (pkg: string, rest: string) => `syntax = "proto3";
${pkg === "" ? "" : `package ${pkg};`}
import "google/api/annotations.proto";
import "potter/v1/openapi.proto";
${rest}`;

const service = (name: string, ...rpcs: readonly string[]) =>
  `service ${name} { ${rpcs.join("\n")} }\nmessage Empty {}\n`;
const rpc = (name: string, option = "") => `rpc ${name}(Empty) returns (Empty) { ${option} }`;

const idsOf = (files: ProtoFiles) =>
  Object.values(documentOf(compileProto(files)).paths ?? {}).map(({ get, post }) => (get ?? post)?.operationId);
const warnings = (files: ProtoFiles) =>
  diagnosticsOf(compileProto(files)).filter(({ code }) => code === "openapi-name-collision");

describe("operation ids", () => {
  it("are unique even if packages map to the same prefix, with a warning", () => {
    const files = {
      "a.proto": file("a.v1", service("Svc", rpc("Get"))),
      "b.proto": file("a_v1", service("Svc", rpc("Get"))),
    };
    expect(idsOf(files)).toEqual(["a_v1_Svc_Get", "a_v1_Svc_Get_2"]);
    expect(warnings(files)).toMatchObject([
      {
        severity: "warning",
        message: 'the operation name "a_v1_Svc_Get" of Get is already taken; it is emitted as "a_v1_Svc_Get_2"',
      },
    ]);
  });

  it("prefer the name of an rpc to that of another rpc's further binding", () => {
    const twice = 'option (google.api.http) = {get: "/a" additional_bindings {get: "/b"}};';
    const files = { "a.proto": file("a", service("S", rpc("Get", twice), rpc("Get_2"))) };
    expect(idsOf(files)).toEqual(["S_Get", "S_Get_3", "S_Get_2"]);
    expect(warnings(files)).toEqual([]);
  });

  it("prefer a name from an option to that of an rpc", () => {
    const named = 'option (potter.v1.openapi_operation) = {operation_id: "S_Get"};';
    const files = { "a.proto": file("a", service("S", rpc("Get"), rpc("Find", named))) };
    expect(idsOf(files)).toEqual(["S_Get_2", "S_Get"]);
  });
});

describe("options", () => {
  const files = {
    "a.proto": file("a", service("S", rpc("Get"), rpc("List"))),
    "b.proto": file("b", service("T", rpc("Get"))),
  };

  it("shorten operation ids to unique rpc names", () => {
    const { paths } = documentOf(compileProto(files), { operation_ids: "rpc" });
    expect(Object.values(paths ?? {}).map(({ post }) => post?.operationId)).toEqual(["S_Get", "List", "T_Get"]);
  });

  it("merge an override last, on top of the contract", () => {
    const override = `paths: {/a.S/Get: {post: {summary: By hand, x-owner: shop}}}\ninfo: {title: Mine}\n`;
    const request = compileProto(files);
    const [plain, merged] = [documentOf(request), documentOf(request, { override })];
    const operation = plain.paths?.["/a.S/Get"]?.post;
    expect(merged.paths?.["/a.S/Get"]?.post).toEqual({ ...operation, summary: "By hand", "x-owner": "shop" });
    expect(merged.info).toEqual({ ...plain.info, title: "Mine" });
    expect(merged.components).toEqual(plain.components);
    expect(() => documentOf(request, { override: "- a" })).toThrow("the override document is not an object");
  });
});

describe("schemas", () => {
  it("of messages named like scalars do not replace those of the scalars", () => {
    const rest = `service S { rpc Do(.float) returns (.float) {} }
message float { .double a = 1; int64 b = 2; }
message double { double number = 1; }
`;
    const { components } = documentOf(compileProto({ "a.proto": file("", rest) }));
    expect(Object.keys(components?.schemas ?? {})).toEqual(
      expect.arrayContaining(["double", "double-type", "float-type", "int64"]),
    );
  });

  it.each([
    ["int64", "message Empty2 { option (potter.v1.openapi_schema) = {name: 'int64'}; int64 n = 1; }"],
    ["problem-details", "message Empty2 { option (potter.v1.openapi_schema) = {name: 'problem-details'}; }"],
    [
      "a.Input-input",
      `import "google/api/field_behavior.proto";
message Empty2 { option (potter.v1.openapi_schema) = {name: 'a.Input-input'}; Input of = 1; }
message Input { string text = 1 [(google.api.field_behavior) = REQUIRED]; }`,
    ],
  ])("called %s by an option are an error where the name is taken", (name, message) => {
    const [imported = "", ...rest] = message.startsWith("import") ? message.split("\n") : ["", message];
    const text = `${imported}\n${rest.join("\n")}\nservice S { rpc Do(Empty2) returns (Empty2) {} }\n`;
    expect(warnings({ "a.proto": file("a", text) })).toMatchObject([
      { severity: "error", message: `the schema name "${name}" of Empty2 is already taken` },
    ]);
  });
});

describe("parameters", () => {
  it("are unique: headers whatever their case, fields whatever their JSON names", () => {
    const option = `option (google.api.http) = {get: "/a"};
option (potter.v1.openapi_operation) = {request_headers: [{name: "X-Who"}, {name: "x-who"}]};`;
    const text = `service S { rpc Do(Asking) returns (Asking) { ${option} } }
message Asking { Filter filter = 1; string state = 2 [json_name = "filter.state"]; }
message Filter { string state = 1; }
`;
    const { paths } = documentOf(compileProto({ "a.proto": file("a", text) }));
    const names = paths?.["/a"]?.get?.parameters?.map((one) => ("name" in one ? one.name : ""));
    expect(names).toEqual(["filter.state", "state", "x-who"]);
  });
});

describe("files", () => {
  it("of services with one name in a folder have their full names", () => {
    const request = compileProto({
      "shop/a.proto": file("a", service("Orders", rpc("Get"))),
      "shop/b.proto": file("b", service("orders", rpc("Get"))),
      "shop/c.proto": file("c", service("Carts", rpc("Get"))),
    });
    const names = ["shop/Carts", "shop/a.Orders", "shop/b.orders"];
    expect(Object.keys(emitOpenApi(request, { output: "service" })).sort()).toEqual(
      names.map((name) => `${name}.openapi.yaml`),
    );
    const schemas = Object.keys(emitGraphQL(request, { output: "service" })).filter((name) =>
      name.endsWith(".graphql"),
    );
    expect(schemas.sort()).toEqual(names.map((name) => `${name}.graphql`));
  });
});
