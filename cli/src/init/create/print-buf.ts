import type { Choices } from "../choices/index.js";

/** Where the npm package of the annotations has its proto files, from the folder of a project. */
const annotations = "node_modules/@potter/generator/proto";

/** Prints the buf.yaml of a project: its own protos, and those that they import. */
export function printBufYaml(): string {
  return `version: v2
modules:
  - path: proto
  # The proto files that yours import. They are in an npm package, so that nothing is fetched from a registry.
  - path: ${annotations}
`;
}

/** Prints a buf.gen.yaml with the plugins of the messages and of Potter. `more`: further options of Potter's plugin. */
export function printTemplate(
  { messages, targets }: Choices,
  inputs: readonly string[] = ["proto"],
  more: readonly string[] = [],
): string {
  const [plugin, options] =
    messages === "es"
      ? ["protoc-gen-es", "target=ts, import_extension=js"]
      : [
          "protoc-gen-ts_proto",
          "forceLong=bigint, oneof=unions-value, esModuleInterop=true, importSuffix=.js, outputServices=none",
        ];
  const potter = [`targets=${targets.join("+")}`, ...(messages === "es" ? [] : ["messages=ts-proto"]), ...more];
  return `version: v2
clean: true
plugins:
  - local: ${plugin}
    out: gen
    opt: [${options}]
    include_imports: true
    strategy: all
  - local: protoc-gen-potter
    out: gen
    opt: [${potter.join(", ")}]
    strategy: all
inputs:
${inputs.map((folder) => `  - directory: ${folder}\n`).join("")}`;
}
