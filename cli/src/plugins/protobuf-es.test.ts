// protobuf-es in this process: the compiler that comes with it is loaded only if it is used.
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import {
  CodeGeneratorRequestSchema,
  CodeGeneratorResponseSchema,
  FileDescriptorProtoSchema,
} from "@bufbuild/protobuf/wkt";
import { expect, it } from "vitest";
import { root } from "../project.fixture.js";
import { findPackage } from "./find-package.js";
import { loadProtobufEs } from "./protobuf-es.js";

/** What this test uses of protoplugin and of its compiler. */
interface Protoplugin {
  createEcmaScriptPlugin(init: object): { run(request: object): { file: { name: string; content: string }[] } };
}

it("loads no compiler for messages, and the whole compiler once something uses it", () => {
  const installed = findPackage("protoc-gen-es", root);
  if (installed === undefined) throw new Error("protoc-gen-es is not installed");
  const ofPlugin = createRequire(join(installed.folder, "package.json"));
  const entry = ofPlugin.resolve("@bufbuild/protoplugin");
  const compiler = createRequire(entry).resolve("typescript");
  const isLoaded = (path: string): boolean => ofPlugin.cache[path] !== undefined;

  const run = loadProtobufEs(installed);
  const request = create(CodeGeneratorRequestSchema, {
    parameter: "target=ts",
    fileToGenerate: ["shop.proto"],
    protoFile: [
      create(FileDescriptorProtoSchema, { name: "shop.proto", syntax: "proto3", messageType: [{ name: "Order" }] }),
    ],
  });
  const response = run?.(toBinary(CodeGeneratorRequestSchema, request));
  const { file } = fromBinary(CodeGeneratorResponseSchema, response ?? new Uint8Array());
  expect(file.map(({ name }) => name)).toEqual(["shop_pb.ts"]);
  expect(isLoaded(join(dirname(entry), "transpile.js"))).toBe(true);
  expect(isLoaded(compiler)).toBe(false);

  const { createEcmaScriptPlugin } = ofPlugin("@bufbuild/protoplugin") as Protoplugin;
  const plugin = createEcmaScriptPlugin({
    name: "test",
    version: "v1",
    generateTs: (schema: { generateFile(name: string): { print(text: string): void } }) =>
      schema.generateFile("shop.ts").print("export const count: number = 1;"),
  });
  const compiled = plugin.run(create(CodeGeneratorRequestSchema, { parameter: "target=js+dts" })).file;
  expect(compiled.map(({ name, content }) => [name, content])).toEqual([
    ["shop.js", "export const count = 1;\n"],
    ["shop.d.ts", "export declare const count: number;\n"],
  ]);
  expect(isLoaded(compiler)).toBe(true);
  expect(ofPlugin(compiler)).toMatchObject({
    version: expect.stringMatching(/^\d+\.\d+/),
    createProgram: expect.any(Function),
  });
});
