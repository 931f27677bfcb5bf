// Other plugins do not receive ts-proto's options: unsupported options are refused when the generated code is loaded.
import { join } from "node:path";
import { build } from "esbuild";
import { expect, it } from "vitest";
import { compileProto, emitCqrs, Project, runExternalPlugin } from "../../testing/index.js";

const request = compileProto({
  "bank.proto": `syntax = "proto3";
package bank.v1;
import "potter/v1/options.proto";
service Bank { rpc Pay(PayRequest) returns (PayResponse) { option (potter.v1.command) = {}; } }
message PayRequest { int64 amount = 1; }
message PayResponse { oneof way { string card = 1; string cash = 2; } }
`,
});

function emitTsProto(options: string): Readonly<Record<string, string>> {
  const whole = { ...request, fileToGenerate: request.protoFile.map(({ name }) => name) };
  const parameter = `esModuleInterop=true,importSuffix=.js,outputServices=none,${options}`;
  return Object.fromEntries(runExternalPlugin("protoc-gen-ts_proto", whole, parameter));
}

it.each([
  ["forceLong=bigint,oneof=unions-value", ""],
  ["forceLong=bigint,oneof=unions-value,useOptionals=all", ""],
  ["oneof=unions-value", 'bank.v1.PayRequest.amount is not a bigint: ts-proto was run without "forceLong=bigint"'],
  [
    "forceLong=string,oneof=unions-value",
    'bank.v1.PayRequest.amount is not a bigint: ts-proto was run without "forceLong=bigint"',
  ],
  ["forceLong=bigint", 'the oneof bank.v1.PayResponse.way is flat: ts-proto was run without "oneof=unions-value"'],
])("loads the output of ts-proto with %s, or reports what is missing", async (options, fault) => {
  const files = { ...emitCqrs(request, "ts-proto"), ...emitTsProto(options) };
  const project = new Project(files);
  try {
    const entryPoints = Object.keys(files).map((path) => join(project.folder, path));
    await build({ entryPoints, outdir: project.folder, outbase: project.folder, format: "esm", logLevel: "error" });
    project.write("main.mjs", `import "./bank_cqrs.js";\nconsole.log("loaded");\n`);
    const { stdout, stderr } = project.run("main.mjs");
    expect(stdout).toBe(fault === "" ? "loaded\n" : "");
    expect(stderr).toContain(fault);
  } finally {
    project.remove();
  }
});
