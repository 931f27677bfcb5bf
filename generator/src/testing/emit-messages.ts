import { create } from "@bufbuild/protobuf";
import { type CodeGeneratorRequest, CodeGeneratorRequestSchema } from "@bufbuild/protobuf/wkt";
import type { MessageLibraryName } from "./emit.js";
import { runExternalPlugin } from "./run-external-plugin.js";

const plugins = {
  es: { bin: "protoc-gen-es", parameter: "import_extension=js" },
  "ts-proto": {
    bin: "protoc-gen-ts_proto",
    parameter: "esModuleInterop=true,importSuffix=.js,outputServices=none,forceLong=bigint,oneof=unions-value",
  },
} as const;

/**
 * Generates messages with the plugin of a message library, for all files of a request and their imports. For protobuf-es, leaves
 * out the well-known types, which it ships; `without` names further files to leave out, and `target` its form.
 */
export function emitMessages(
  request: CodeGeneratorRequest,
  messages: MessageLibraryName,
  without: readonly string[] = [],
  target: "ts" | "js+dts" = "ts",
): Readonly<Record<string, string>> {
  const { bin, parameter } = plugins[messages];
  const protoFile = request.protoFile.filter(({ name }) => messages === "es" || !without.includes(name));
  const fileToGenerate = protoFile
    .map(({ name }) => name)
    .filter((name) => !without.includes(name) && !(messages === "es" && name.startsWith("google/protobuf/")));
  const narrowed = create(CodeGeneratorRequestSchema, { fileToGenerate, protoFile });
  const form = messages === "es" ? `,target=${target}` : "";
  return Object.fromEntries(runExternalPlugin(bin, narrowed, `${parameter}${form}`));
}
