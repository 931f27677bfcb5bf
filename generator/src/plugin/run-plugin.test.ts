import { fromBinary, toBinary } from "@bufbuild/protobuf";
import {
  CodeGeneratorRequestSchema,
  type CodeGeneratorResponse,
  CodeGeneratorResponseSchema,
  Edition,
} from "@bufbuild/protobuf/wkt";
import { describe, expect, it } from "vitest";
import type { Target } from "../targets/index.js";
import { compileProto, contract } from "../testing/index.js";
import { type Plugin, type PluginResult, runPlugin } from "./run-plugin.js";

/** Writes down what it is given. */
const echo: Target = {
  name: "echo",
  options: { voice: { values: ["low", "loud"], default: "low" } },
  emit: ({ files }, options, { generator }) =>
    files.map(({ desc }) => ({ name: `${desc.name}.txt`, content: `${generator} ${options["voice"]}` })),
};
const plugin: Plugin = { name: "protoc-gen-echo", version: "1.2.3", targets: [echo] };

const right = contract(`message Order { option (potter.v1.aggregate) = {}; string order_id = 1; }`);
const wrong = contract(`message Order { option (potter.v1.aggregate) = {}; }`);

type Fields = "file" | "error" | "supportedFeatures" | "minimumEdition" | "maximumEdition";
type Answer = Pick<CodeGeneratorResponse, Fields> & Pick<PluginResult, "warnings">;

function run(text: string, parameter = "", one: Plugin = plugin): Answer {
  const request = compileProto({ "shop.proto": text }, parameter);
  const { response, warnings } = runPlugin(one, toBinary(CodeGeneratorRequestSchema, request), {
    readText: () => text,
  });
  const { file, error, supportedFeatures, minimumEdition, maximumEdition } = fromBinary(
    CodeGeneratorResponseSchema,
    response,
  );
  return { file, error, supportedFeatures, minimumEdition, maximumEdition, warnings };
}

describe("runPlugin", () => {
  it("responds with the files of its targets", () => {
    const { file, error, warnings } = run(right, "voice=loud");
    expect(file.map(({ name, content }) => [name, content])).toEqual([["shop.txt", "protoc-gen-echo v1.2.3 loud"]]);
    expect(error).toBe("");
    expect(warnings).toBe("");
  });

  it("declares support of proto3 optional and editions, also if it fails", () => {
    for (const { supportedFeatures, minimumEdition, maximumEdition } of [run(right), run(wrong), run(right, "x=y")]) {
      expect(supportedFeatures).toBe(3n);
      expect(minimumEdition).toBeLessThanOrEqual(Edition.EDITION_PROTO2);
      expect(maximumEdition).toBeGreaterThanOrEqual(Edition.EDITION_2023);
    }
  });

  it("responds with the errors of the contract and without files", () => {
    const { file, error } = run(wrong);
    expect(file).toEqual([]);
    expect(error.split("\n")).toEqual([
      "",
      'shop.proto:5:9: error aggregate-without-id: Order has no id: no field is marked as id or named "order_id" or "id"',
      "    message Order { option (potter.v1.aggregate) = {}; }",
      "            ^^^^^",
      "  hint: mark a field with [(potter.v1.field).id = true]",
    ]);
  });

  it("responds with invalid options before it reads the contract", () => {
    const { file, error } = run(wrong, "voce=loud");
    expect(file).toEqual([]);
    expect(error).toBe('protoc-gen-echo: unknown option "voce": expected "voice"; did you mean "voice"?');
  });

  it("passes all options to each target", () => {
    const loud: Target = { ...echo, name: "second", options: { pitch: { values: ["high"], default: "high" } } };
    const second: Target = { ...loud, emit: (_, options) => [{ name: "second", content: JSON.stringify(options) }] };
    const { file } = run(right, "voice=loud,pitch=high", { ...plugin, targets: [echo, second] });
    expect(file.map(({ name, content }) => [name, content])).toEqual([
      ["second", '{"pitch":"high","voice":"loud"}'],
      ["shop.txt", "protoc-gen-echo v1.2.3 loud"],
    ]);
  });

  it("returns warnings in addition to the files", () => {
    const text = `syntax = "proto3";
package shop;
import "google/api/annotations.proto";
service Shop { rpc Get(Item) returns (Item) { option (google.api.http) = {get: "/v1/{id"}; } }
message Item { string id = 1; }
`;
    const { file, error, warnings } = run(text);
    expect(file.map(({ name }) => name)).toEqual(["shop.txt"]);
    expect(error).toBe("");
    expect(warnings.split("\n")[0]).toBe(
      'shop.proto:4:80: warning http-template: invalid path template "/v1/{id": expected "}", found the end of the path, at character 8',
    );
  });

  it.each([
    ["no bytes", new Uint8Array(), "the request names no file to generate: run the plugin with buf generate or protoc"],
    [
      "other bytes",
      new TextEncoder().encode("GET / HTTP/1.1\r\n"),
      "the input is not a google.protobuf.compiler.CodeGeneratorRequest",
    ],
  ])("throws on %s", (_, bytes, message) => {
    expect(() => runPlugin(plugin, bytes)).toThrow(expect.objectContaining({ name: "RequestError", message }));
  });

  it("throws on a request without a descriptor that it names", () => {
    const request = compileProto({ "shop.proto": right });
    const without = (path: string): Uint8Array =>
      toBinary(CodeGeneratorRequestSchema, {
        ...request,
        protoFile: request.protoFile.filter(({ name }) => name !== path),
      });
    expect(() => runPlugin(plugin, without("shop.proto"))).toThrow(
      expect.objectContaining({
        name: "RequestError",
        message: "the request names shop.proto but contains no descriptor for it",
      }),
    );
    expect(() => runPlugin(plugin, without("potter/v1/options.proto"))).toThrow(
      expect.objectContaining({
        name: "RequestError",
        message: expect.stringMatching(/^cannot link the descriptors of the request: .*potter\/v1\/options\.proto/),
      }),
    );
  });
});
