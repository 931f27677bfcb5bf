import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import {
  type CodeGeneratorRequest,
  CodeGeneratorRequestSchema,
  CodeGeneratorResponseSchema,
} from "@bufbuild/protobuf/wkt";
import { root } from "./compile-proto.js";

/** Runs an installed third-party plugin on a request. Returns the text of each file. */
export function runExternalPlugin(
  name: string,
  request: CodeGeneratorRequest,
  parameter: string,
): ReadonlyMap<string, string> {
  const input = toBinary(CodeGeneratorRequestSchema, create(CodeGeneratorRequestSchema, { ...request, parameter }));
  const { stdout, stderr, status, error } = spawnSync(join(root, "node_modules/.bin", name), {
    input,
    maxBuffer: 2 ** 28,
  });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${name} failed:\n${stderr}`);
  const response = fromBinary(CodeGeneratorResponseSchema, stdout);
  if (response.error !== "") throw new Error(`${name} reports:\n${response.error}`);
  return new Map(response.file.map((file) => [file.name, file.content]));
}
