import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import {
  type CodeGeneratorRequest,
  CodeGeneratorRequestSchema,
  CodeGeneratorResponseSchema,
} from "@bufbuild/protobuf/wkt";
import type { MessageLibraryName } from "./emit.js";
import { root } from "./project.js";

const plugins = {
  es: { bin: "protoc-gen-es", parameter: "target=ts,import_extension=js" },
  "ts-proto": {
    bin: "protoc-gen-ts_proto",
    parameter: "esModuleInterop=true,importSuffix=.js,outputServices=none,forceLong=bigint,oneof=unions-value",
  },
} as const;

/**
 * What the message library's own plugin writes for all files of a request, imports included. The well-known types
 * are left out for protobuf-es, which ships them; `without` names files that are left out besides.
 */
export function emitMessages(
  request: CodeGeneratorRequest,
  messages: MessageLibraryName,
  without: readonly string[] = [],
): Readonly<Record<string, string>> {
  const { bin, parameter } = plugins[messages];
  const protoFile = request.protoFile.filter(({ name }) => messages === "es" || !without.includes(name));
  const fileToGenerate = protoFile
    .map(({ name }) => name)
    .filter((name) => !without.includes(name) && !(messages === "es" && name.startsWith("google/protobuf/")));
  const input = toBinary(
    CodeGeneratorRequestSchema,
    create(CodeGeneratorRequestSchema, { fileToGenerate, parameter, protoFile }),
  );
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, "node_modules/.bin", bin)], {
    input,
    maxBuffer: 1 << 30,
  });
  if (status !== 0) throw new Error(`${bin} failed:\n${stderr.toString()}`);
  const response = fromBinary(CodeGeneratorResponseSchema, stdout);
  if (response.error !== "") throw new Error(`${bin} refused:\n${response.error}`);
  return Object.fromEntries(response.file.map(({ name, content }) => [name, content]));
}
