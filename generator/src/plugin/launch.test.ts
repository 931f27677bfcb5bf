// The plugin as compilers start it: a process of its own, from what is built.
import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { CodeGeneratorRequestSchema, CodeGeneratorResponseSchema } from "@bufbuild/protobuf/wkt";
import { describe, expect, it } from "vitest";
import { compileProto, contract } from "../testing/index.js";

const root = join(import.meta.dirname, "../../..");

function start(name: string, input: Uint8Array) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, "plugins", name, "bin", `${name}.js`)], {
    input,
  });
  return { status, stdout, stderr: stderr.toString() };
}

const order = {
  "shop.proto": contract(`message Order { option (potter.v1.aggregate) = {}; string order_id = 1; }
message OrderPlaced { option (potter.v1.event) = {}; }
service Orders { rpc GetOrder(Order) returns (Order); }`),
};

const ofCqrs = ["messages", "import_extension", "target"];
const ofSagas = [...ofCqrs, "saga_pages"];
const ofClient = ["client_messages", "import_extension", "target"];
const ofOpenApi = [
  "version",
  "format",
  "output",
  "operation_ids",
  "services",
  "tags",
  "visibility",
  "base",
  "override",
  "waits",
];

/** Each plugin: the options it has, and what it writes for a contract of one service. */
const plugins: readonly (readonly [string, readonly string[], readonly string[]])[] = [
  ["protoc-gen-potter-cqrs", ofCqrs, ["shop_cqrs.ts"]],
  ["protoc-gen-potter-saga", ofSagas, []],
  ["protoc-gen-potter-client", ofClient, ["shop_client.ts", "shop_messages.ts"]],
  ["protoc-gen-potter-openapi", ofOpenApi, ["openapi.yaml"]],
  ["protoc-gen-potter-asyncapi", ["format", "output", "base", "websocket"], ["asyncapi.yaml"]],
  [
    "protoc-gen-potter-graphql",
    ["output", "federation", "lock", "import_extension", "target"],
    ["schema.graphql", "schema_graphql.ts"],
  ],
  [
    "protoc-gen-potter",
    [...ofSagas, ...ofOpenApi, "websocket", "federation", "lock", "client_messages"],
    [
      "asyncapi.yaml",
      "openapi.yaml",
      "schema.graphql",
      "schema_graphql.ts",
      "shop_client.ts",
      "shop_cqrs.ts",
      "shop_messages.ts",
    ],
  ],
];

describe.each(plugins)("%s", (name, options, written) => {
  it.each([
    ["no input", new Uint8Array(), "the request names no file to generate: run the plugin with buf generate or protoc"],
    [
      "a request without files",
      toBinary(CodeGeneratorRequestSchema, create(CodeGeneratorRequestSchema, { compilerVersion: { major: 36 } })),
      "the request names no file to generate: run the plugin with buf generate or protoc",
    ],
    [
      "text",
      new TextEncoder().encode("syntax = proto3;\n"),
      "the input is not a google.protobuf.compiler.CodeGeneratorRequest",
    ],
    [
      "a request that is cut off",
      toBinary(CodeGeneratorRequestSchema, compileProto(order)).subarray(0, 1000),
      "the input is not a google.protobuf.compiler.CodeGeneratorRequest",
    ],
  ])(
    "given %s writes one line to standard error, nothing to standard output, and exits with 1",
    (_, input, message) => {
      const { status, stdout, stderr } = start(name, input);
      expect(stderr).toBe(`${name}: ${message}\n`);
      expect(stdout.length).toBe(0);
      expect(status).toBe(1);
    },
  );

  it("responds to an unknown option with an error and exits with 0", () => {
    const { status, stdout, stderr } = start(
      name,
      toBinary(CodeGeneratorRequestSchema, compileProto(order, "messagess=es")),
    );
    expect(fromBinary(CodeGeneratorResponseSchema, stdout).error).toBe(
      `${name}: unknown option "messagess": expected ${options.map((one) => `"${one}"`).join(" or ")}${!options.includes("messages") ? "" : '; did you mean "messages"?'}`,
    );
    expect(stderr).toBe("");
    expect(status).toBe(0);
  });

  it("responds to a contract with files and exits with 0", () => {
    const { status, stdout, stderr } = start(name, toBinary(CodeGeneratorRequestSchema, compileProto(order)));
    const { error, file } = fromBinary(CodeGeneratorResponseSchema, stdout);
    expect({ error, stderr, status }).toEqual({ error: "", stderr: "", status: 0 });
    expect(file.map((one) => one.name)).toEqual(written);
  });
});

it("a plugin prints one line without a stack for any invalid input", () => {
  for (let run = 0; run < 10; run++) {
    // The first byte is no tag that a request knows, so that chance makes no request.
    const input = Buffer.concat([Buffer.from([0x07]), randomBytes(200)]);
    const { status, stderr } = start("protoc-gen-potter-cqrs", input);
    expect(stderr).toBe("protoc-gen-potter-cqrs: the input is not a google.protobuf.compiler.CodeGeneratorRequest\n");
    expect(status).toBe(1);
  }
});
