// A plugin as a process, with and without @bufbuild/protoplugin among the packages of a project.
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fromBinary, toBinary } from "@bufbuild/protobuf";
import { CodeGeneratorRequestSchema, CodeGeneratorResponseSchema } from "@bufbuild/protobuf/wkt";
import { afterEach, beforeEach, expect, it } from "vitest";
import { compileProto, contract, root } from "../testing/index.js";

const proto = contract(`message Order { option (potter.v1.aggregate) = {}; string order_id = 1; }
message OrderPlaced { option (potter.v1.event) = {}; }`);

let project: string;
beforeEach(() => {
  project = join(realpathSync(mkdtempSync(join(tmpdir(), "potter-installed-"))), "größe und preis");
  const generator = join(project, "node_modules/@potter/generator");
  cpSync(join(root, "generator/dist/bundle"), join(generator, "dist/bundle"), { recursive: true });
  cpSync(join(root, "generator/package.json"), join(generator, "package.json"));
  writeFileSync(
    join(project, "plugin.mjs"),
    `import { createRequire } from "node:module";
import { cqrs, launch, version } from "@potter/generator/plugin";
launch({ name: "protoc-gen-potter-cqrs", version, targets: [cqrs] });
console.error(Object.keys(createRequire(import.meta.url).cache).join("\\n"));
`,
  );
});
afterEach(() => rmSync(dirname(project), { recursive: true, force: true }));

/** Runs the plugin in the folder of the project. */
function run(parameter: string) {
  const request = compileProto({ "shop.proto": proto }, parameter);
  const input = toBinary(CodeGeneratorRequestSchema, request);
  const { stdout, stderr } = spawnSync(process.execPath, ["plugin.mjs"], { cwd: project, input });
  const { error, file } = fromBinary(CodeGeneratorResponseSchema, stdout);
  return { error, files: file.map(({ name }) => name), loaded: stderr.toString() };
}

function install(name: string, files: Readonly<Record<string, string>>): void {
  const folder = join(project, "node_modules", name);
  mkdirSync(folder, { recursive: true });
  for (const [path, text] of Object.entries({ "package.json": JSON.stringify({ name }), ...files })) {
    writeFileSync(join(folder, path), text);
  }
}

/** Makes a package of the repository one of the project. */
function link(name: string, folder: string): void {
  mkdirSync(dirname(join(project, "node_modules", name)), { recursive: true });
  symlinkSync(folder, join(project, "node_modules", name), "dir");
}

const protobufEs = join(root, "node_modules/@bufbuild/protoc-gen-es");
const protoplugin = dirname(
  dirname(dirname(createRequire(join(protobufEs, "package.json")).resolve("@bufbuild/protoplugin"))),
);

it("TypeScript needs no protoplugin, and loads neither it nor a compiler", () => {
  expect(run("").files).toEqual(["shop_cqrs.ts"]);
  link("@bufbuild/protoplugin", protoplugin);
  link("@bufbuild/protoc-gen-es", protobufEs);
  const { files, loaded } = run("target=ts");
  expect(files).toEqual(["shop_cqrs.ts"]);
  expect(loaded).not.toMatch(/protoplugin|typescript/);
  const compiled = run("target=js+dts");
  expect(compiled.files).toEqual(["shop_cqrs.d.ts", "shop_cqrs.js"]);
  expect(compiled.loaded).toMatch(/protoplugin[\s\S]*typescript\.js/);
});

it("JavaScript without protoplugin is an error that names the remedy", () => {
  expect(run("target=js+dts")).toMatchObject({
    files: [],
    error:
      `protoc-gen-potter-cqrs: target=js+dts needs @bufbuild/protoplugin, which is not installed in ${project}: ` +
      "npm install --save-dev @bufbuild/protoplugin",
  });
});

it("the protoplugin that protobuf-es brings is enough, also behind symbolic links", () => {
  link("@bufbuild/protoc-gen-es", protobufEs);
  expect(run("target=ts+dts").files).toEqual(["shop_cqrs.d.ts", "shop_cqrs.ts"]);
});

it("a protoplugin that does not load, or is another package, is an error with its place", () => {
  link("@bufbuild/protoc-gen-es", protobufEs);
  install("@bufbuild/protoplugin", { "index.js": 'throw new Error("no compiler");' });
  const path = join(project, "node_modules/@bufbuild/protoplugin/index.js");
  expect(run("target=js").error).toBe(
    `protoc-gen-potter-cqrs: cannot load @bufbuild/protoplugin, which option "target" needs, from ${path}: no compiler`,
  );
  install("@bufbuild/protoplugin", { "index.js": "" });
  expect(run("target=js").error).toBe(
    `protoc-gen-potter-cqrs: ${path} has no createEcmaScriptPlugin: npm install --save-dev @bufbuild/protoplugin@2`,
  );
});
