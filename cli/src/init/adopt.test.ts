// Potter in projects that use buf already: a plan first, text that is only inserted, and nothing the second time.
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { parse } from "yaml";
import { contract } from "../project.fixture.js";
import { addToObject } from "./adopt/insert-json.js";
import { appendToList } from "./adopt/insert-yaml.js";
import { createWorkbench, type Workbench } from "./init.fixture.js";

const bufYaml = `# Our workspace.
version: v2
modules:
  # all of it
  - path: proto
    name: buf.build/acme/bank   # public

lint:
  use: [STANDARD]
`;
const template = `version: v2
plugins:
    # the messages
    - local: protoc-gen-es # of protobuf-es
      out: gen
      opt:
        - target=ts
        - import_extension=js
      # up to here

managed:
  enabled: false # no
`;
const manifest = `{\n\t"name": "bank",\n\t"type": "module",\n\t"files": ["a", "b"],\n\t"dependencies": {"@bufbuild/protobuf": "^2.0.0"}\n}`;

let bench: Workbench;
beforeEach(() => {
  bench = createWorkbench();
  vi.stubEnv("npm_config_user_agent", undefined);
});
afterEach(() => {
  vi.unstubAllEnvs();
  bench.delete();
});

/** The lines of the old text, in their order, are lines of the new one. */
function expectInserted(old: string, text: string): void {
  const lines = text.split("\n");
  let at = 0;
  for (const line of old.split("\n").filter((one) => one !== "")) {
    at = lines.findIndex((one, index) => index >= at && one.replace(/,$/, "") === line.replace(/,$/, "")) + 1;
    expect([line, at > 0]).toEqual([line, true]);
  }
}

describe("potter init in a project that uses buf", () => {
  beforeEach(() => {
    for (const [path, text] of Object.entries(contract)) bench.write(path, text);
    bench.write("buf.yaml", bufYaml);
    bench.write("buf.gen.yaml", template);
    bench.write("package.json", manifest);
  });

  it("prints its plan as a diff and, without a terminal and --yes, writes nothing", async () => {
    const before = bench.tree();
    const { code, out, errors } = await bench.potter("init");
    expect([code, errors]).toEqual([1, "potter: nothing was written: add --yes to write these changes"]);
    expect(out).toContain(`--- a/buf.yaml
+++ b/buf.yaml
@@ -4,6 +4,7 @@
   # all of it
   - path: proto
     name: buf.build/acme/bank   # public
+  - path: node_modules/@potter/generator/proto
 
 lint:
   use: [STANDARD]
`);
    expect(bench.tree()).toEqual(before);
  });

  it("inserts text and keeps every other byte, and the project generates; the second time it changes nothing", async () => {
    expect(await bench.potter("init", "--yes")).toMatchObject({ code: 0, errors: "" });
    const after = bench.tree();
    expectInserted(bufYaml, after["buf.yaml"] ?? "");
    expectInserted(template, after["buf.gen.yaml"] ?? "");
    expect(after["buf.gen.yaml"]).toBe(`version: v2
plugins:
    # the messages
    - local: protoc-gen-es # of protobuf-es
      out: gen
      opt:
        - target=ts
        - import_extension=js
      include_imports: true
    - local: protoc-gen-potter
      out: gen
      opt: [targets=cqrs+openapi+graphql]
      strategy: all
      # up to here

managed:
  enabled: false # no
inputs:
  - directory: proto
`);
    expect(after["package.json"]).toContain(
      `"files": ["a", "b"],\n\t"dependencies": {"@bufbuild/protobuf": "^2.0.0",\n\t\t"@potter/runtime": "`,
    );
    expect(after["package.json"]).toContain(`\t"scripts": {\n\t\t"generate": "potter generate"\n\t}`);
    expect(JSON.parse(after["package.json"] ?? "")).toMatchObject({
      dependencies: { "@bufbuild/protobuf": "^2.0.0", graphql: expect.any(String) },
      devDependencies: { "@potter/cli": expect.any(String), "@bufbuild/protoc-gen-es": expect.any(String) },
    });

    const second = await bench.potter("init", "--yes");
    expect(second).toEqual({ code: 0, out: "nothing to do: the project has all that Potter needs", errors: "" });
    expect(bench.tree()).toEqual(after);

    bench.linkPackages(".");
    expect(await bench.potter("generate")).toMatchObject({ code: 0, errors: "" });
    expect(Object.keys(bench.tree("gen"))).toEqual(
      expect.arrayContaining(["bank/v1/account_cqrs.ts", "potter/v1/options_pb.ts", "openapi.yaml"]),
    );
  });

  it("writes the files that are missing", async () => {
    for (const path of ["package.json", "buf.gen.yaml"]) {
      bench.write(path, "");
      const { rmSync } = await import("node:fs");
      rmSync(`${bench.folder}/${path}`);
    }
    expect(await bench.potter("init", "-y", "--messages", "ts-proto", "--name", "bank")).toMatchObject({ code: 0 });
    expect(bench.tree()["buf.gen.yaml"]).toContain("protoc-gen-ts_proto");
    expect(JSON.parse(bench.tree()["package.json"] ?? "")).toMatchObject({ name: "bank", type: "module" });
  });

  it("leaves out what modules of a registry bring, and takes over the folder and the import extension", async () => {
    bench.write(
      "buf.yaml",
      `${bufYaml}deps:\n  - buf.build/googleapis/googleapis\n  - buf.build/bufbuild/protovalidate:v1\n`,
    );
    bench.write("buf.gen.yaml", "version: v2\nplugins:\n- remote: buf.build/bufbuild/es:v2.9.0\n  out: src/gen\n");
    expect(await bench.potter("init", "--yes", "--targets", "cqrs")).toMatchObject({ code: 0 });
    const modules = (parse(bench.tree()["buf.yaml"] ?? "") as { modules: readonly unknown[] }).modules;
    expect(modules.at(-1)).toEqual({
      path: "node_modules/@potter/generator/proto",
      excludes: ["node_modules/@potter/generator/proto/google", "node_modules/@potter/generator/proto/buf"],
    });
    expect(bench.tree()["buf.gen.yaml"]).toContain(
      "  include_imports: true\n- local: protoc-gen-potter\n  out: src/gen\n  opt: [targets=cqrs, import_extension=none]\n",
    );
    expect(bench.tree()["package.json"]).not.toContain("protoc-gen-es");
  });

  it("keeps line endings and the byte order mark", async () => {
    const windows = (text: string) => text.replaceAll("\n", "\r\n");
    bench.write("buf.yaml", windows(bufYaml));
    bench.write("buf.gen.yaml", windows(template));
    bench.write("package.json", `\uFEFF${windows(manifest)}`);
    expect(await bench.potter("init", "--yes")).toMatchObject({ code: 0 });
    for (const [path, text] of Object.entries(bench.tree())) {
      if (!path.includes("/")) expect([path, text.replaceAll("\r\n", "").includes("\n")]).toEqual([path, false]);
    }
    expect(Buffer.from(bench.tree()["package.json"] ?? "", "latin1").toString("utf8")).toMatch(/^\uFEFF\{\r\n\t"name"/);
  });

  it("adds the driver of a store only if one is named", async () => {
    await bench.potter("init", "--yes");
    expect(bench.tree()["package.json"]).not.toContain("pglite");
    await bench.potter("init", "--yes", "--store", "pglite");
    expect(bench.tree()["package.json"]).toContain("@electric-sql/pglite");
  });

  it.each([
    ["buf.yaml", "version: v1\n", "its version is not v2", "npx buf config migrate"],
    ["buf.yaml", "version: v2\n", "it names no modules", "- path: proto"],
    [
      "buf.yaml",
      "version: v2\nmodules:\n  - path: .\n",
      'its module "." contains node_modules',
      "- path: node_modules/",
    ],
    ["buf.yaml", "version: v2\nmodules: [{path: proto}]\n", "its list of modules cannot be extended", "modules:"],
    ["buf.gen.yaml", "version: v1\nplugins: []\n", "its version is not v2", "npx buf config migrate"],
    ["buf.gen.yaml", "version: v2\nplugins: []\n", "its list of plugins cannot be extended", "protoc-gen-potter"],
    [
      "buf.gen.yaml",
      "version: v2\nplugins:\n  - local: protoc-gen-ts_proto\n    out: gen\n    opt: forceLong=long\n",
      "Potter requires options of ts-proto",
      "forceLong=bigint, oneof=unions-value",
    ],
    [
      "buf.gen.yaml",
      "version: v2\nplugins:\n  - local: protoc-gen-es\n    out: gen\n    include_imports: false\n",
      "your messages refer to those of the annotations",
      "include_imports: true",
    ],
    [
      "package.json",
      `{"scripts": {"generate": "buf generate"}}`,
      'its script "generate" is another one',
      "potter generate",
    ],
    ["package.json", "[]", "it cannot be edited", `"@potter/runtime"`],
  ])("prints what to do where %s is %j", async (path, text, reason, snippet) => {
    bench.write(path, text);
    const { code, errors } = await bench.potter("init", "--yes");
    expect([code, errors]).toEqual([1, expect.stringContaining(`${path}: ${reason}`)]);
    expect(errors).toContain(snippet);
    const after = bench.tree();
    await bench.potter("init", "--yes");
    expect(bench.tree()).toEqual(after);
  });

  it("says how to extend the targets of a plugin that is there, and what replaces the messages", async () => {
    await bench.potter("init", "--yes", "--targets", "cqrs");
    expect(await bench.potter("init", "--yes", "--targets", "cqrs,saga")).toMatchObject({
      code: 1,
      errors: expect.stringContaining("opt: [targets=cqrs+saga]"),
    });
    expect(await bench.potter("init", "--yes", "--messages", "ts-proto")).toMatchObject({
      code: 1,
      errors: expect.stringContaining("its messages are generated by es: replace its plugin"),
    });
  });

  it("refuses what is not YAML, with its place, and writes nothing", async () => {
    bench.write("buf.gen.yaml", "version: v2\nplugins:\n  - local: [\n");
    const before = bench.tree();
    expect(await bench.potter("init", "--yes")).toMatchObject({
      code: 1,
      errors: expect.stringMatching(/^potter: buf\.gen\.yaml: invalid YAML: .* line 4/),
    });
    expect(bench.tree()).toEqual(before);
  });
});

it("asks for a buf.yaml where none says where the protos are", async () => {
  bench.write("buf.gen.yaml", template);
  expect(await bench.potter("init", "--yes")).toMatchObject({
    code: 1,
    errors: expect.stringContaining("buf config init"),
  });
  bench.write("buf.work.yaml", "version: v1\ndirectories: [proto]\n");
  expect(await bench.potter("init")).toMatchObject({ code: 1, errors: expect.stringContaining("buf config migrate") });
});

describe("text is inserted", () => {
  it.each([
    ["a:\n- 1", "a:\n- 1\n- x: y\n"],
    ["a:\n  - 1 # one\n  # end\nb: 2\n", "a:\n  - 1 # one\n  - x: y\n  # end\nb: 2\n"],
    ["a:\n  - text: |\n      one\n      two\nb: 2\n", "a:\n  - text: |\n      one\n      two\n  - x: y\nb: 2\n"],
    ["a:\n  - [1,\n     2]\n", "a:\n  - [1,\n     2]\n  - x: y\n"],
    ["a: [1]\n", undefined],
    ["a:\n", undefined],
    ["b: 1\n", undefined],
  ])("into the list of %j", (text, expected) => {
    expect(appendToList(text, "a", "- x: y")).toBe(expected);
  });

  it.each([
    [`{}`, `{\n  "a": {\n    "x": 1\n  }\n}`],
    [`{"a": {}}`, `{"a": {\n    "x": 1\n  }}`],
    [`{\n    "a": {\n        "b": [1]\n    }\n}\n`, `{\n    "a": {\n        "b": [1],\n        "x": 1\n    }\n}\n`],
    [`{"a": 1}`, undefined],
    [`{"a": {},}`, undefined],
    [`[]`, undefined],
  ])("into the object of %j", (text, expected) => {
    expect(addToObject(text, "a", { x: 1 })).toBe(expected);
  });
});
