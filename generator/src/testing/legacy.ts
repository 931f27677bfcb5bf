import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { CodeGeneratorRequest } from "@bufbuild/protobuf/wkt";
import { compileProto, type ProtoFiles, root } from "./compile-proto.js";
import { narrowTo } from "./narrow-to.js";

/** The definition of the options of Go Potter, by its import path. */
export const goPotter: ProtoFiles = {
  "potter/options.proto": readFileSync(join(root, "generator/go-potter/potter/options.proto"), "utf8"),
};

const header = [
  'syntax = "proto3";',
  "package shop;",
  'import "google/api/annotations.proto"; import "google/protobuf/timestamp.proto"; import "potter/options.proto";',
  'import "potter/v1/graphql.proto"; import "potter/v1/openapi.proto"; import "potter/v1/options.proto";',
];

/** Creates a proto file of package `shop` that may use options of Go Potter. Its declarations start in line 5. */
export function legacyContract(declarations: string): string {
  return `${header.join("\n")}\n${declarations}`;
}

/** Compiles proto sources that may import `potter/options.proto`, which is not a file to generate. */
export function compileLegacy(files: ProtoFiles): CodeGeneratorRequest {
  return narrowTo(compileProto({ ...goPotter, ...files }), Object.keys(files).sort());
}
