// `potter generate` writes the same bytes as `buf generate`, whatever the template says.
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { main } from "../main.js";
import { createProject, readTree, root, runBufGenerate, type TestProject } from "../project.fixture.js";

let out: string[];
let errors: string[];
beforeEach(() => {
  out = [];
  errors = [];
  vi.spyOn(console, "log").mockImplementation((text) => out.push(String(text)));
  vi.spyOn(console, "error").mockImplementation((text) => errors.push(String(text)));
});

/** All but the manifest, which buf does not write. */
function withoutManifests(tree: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(tree).filter(([path]) => !path.endsWith(".potter-manifest.json")));
}

const isFull = process.env["POTTER_FULL"] === "true";

const compared = [
  ["shop", "buf.gen.yaml", 28],
  ["sagas", "examples/sagas/buf.gen.yaml", 14],
  // It has no plugin that the others do not have.
  ...(isFull ? ([["two-phase-commit", "examples/two-phase-commit/buf.gen.yaml", 4]] as const) : []),
] as const;

describe.each(compared)("the example %s", (name, template, count) => {
  const base = mkdtempSync(join(tmpdir(), "potter-same-"));
  afterEach(() => rmSync(base, { recursive: true, force: true }));

  /** The files of the repository that the example is generated from. */
  const copy = (folder: string): string => {
    const examples = ["shop", "sagas", "two-phase-commit"].map((example) => `examples/${example}/proto`);
    for (const path of ["buf.yaml", template, "proto", "generator/proto", "examples/shop/potter.lock", ...examples]) {
      mkdirSync(dirname(join(base, folder, path)), { recursive: true });
      cpSync(join(root, path), join(base, folder, path), { recursive: true });
    }
    for (const path of ["node_modules", "plugins"]) symlinkSync(join(root, path), join(base, folder, path), "dir");
    return join(base, folder);
  };

  it("has the bytes of buf generate", async () => {
    const byBuf = copy("buf");
    expect(runBufGenerate(byBuf, ["--template", template])).toMatchObject({ status: 0 });
    const byPotter = copy("potter");
    expect(await main(["generate", "--no-scaffold", "--template", template], byPotter)).toBe(0);
    const expected = readTree(join(byBuf, "examples", name, "gen"));
    expect(Object.keys(expected)).toHaveLength(count);
    expect(withoutManifests(readTree(join(byPotter, "examples", name, "gen")))).toEqual(expected);
    expect(out[1]).toMatch(/^in this process: protoc-gen-es, protoc-gen-potter-cqrs[^;]*$/);
  });
});

const es =
  "  - local: protoc-gen-es\n    out: gen\n    opt: [target=ts, import_extension=js]\n    include_imports: true\n";
const cqrs = "  - local: protoc-gen-potter-cqrs\n    out: gen\n    strategy: all\n";
const proto = "inputs:\n  - directory: proto\n";
const plugins = (...entries: readonly string[]): string => `version: v2\nplugins:\n${entries.join("")}${proto}`;

/** Templates, with where the plugins run. Those with a star run in the heavy form of the tests only. */
const templates: Readonly<Record<string, readonly [template: string, where: string]>> = {
  "a run for each folder": [plugins(es, cqrs), "in this process: protoc-gen-es, protoc-gen-potter-cqrs"],
  "* a run for each folder with Potter's plugin": [
    plugins("  - local: protoc-gen-potter\n    out: gen\n    opt: targets=cqrs+saga\n"),
    "in this process: protoc-gen-potter",
  ],
  "the types of google/protobuf": [
    plugins(`${es}    include_wkt: true\n    strategy: all\n`),
    "by buf (it sets include_wkt): protoc-gen-es",
  ],
  "* a path as the program": [
    plugins(es.replace("protoc-gen-es", "./node_modules/.bin/protoc-gen-es")),
    "in this process: protoc-gen-es",
  ],
  "a program with arguments": [
    plugins(es.replace("protoc-gen-es", '["node", "node_modules/@bufbuild/protoc-gen-es/bin/protoc-gen-es"]')),
    "as a process: node",
  ],
  "* JavaScript and declarations": [
    plugins(es.replace("target=ts", "target=js+dts")),
    "in this process: protoc-gen-es",
  ],
  "ts-proto": [
    plugins(
      "  - local: protoc-gen-ts_proto\n    out: gen\n    opt: [forceLong=bigint, oneof=unions-value, importSuffix=.js]\n    include_imports: true\n    strategy: all\n",
      cqrs.replace("out: gen\n", "out: gen\n    opt: messages=ts-proto\n"),
    ),
    "in this process: protoc-gen-potter-cqrs; as a process: protoc-gen-ts_proto",
  ],
  "* ts-proto in a run for each folder": [
    plugins("  - local: protoc-gen-ts_proto\n    out: gen\n    opt: forceLong=bigint\n"),
    "as a process: protoc-gen-ts_proto",
  ],
  "several folders": [
    plugins(es.replace("out: gen", "out: src/messages"), cqrs.replace("out: gen", "out: src/code/../code")),
    "in this process: protoc-gen-es, protoc-gen-potter-cqrs",
  ],
  "several inputs, with paths": [
    `version: v2\nplugins:\n${es}inputs:\n  - directory: proto\n    paths: [proto/bank/types]\n` +
      "  - directory: .\n    exclude_paths: [proto/bank/v1]\n    paths: [proto/bank]\n",
    "in this process: protoc-gen-es",
  ],
  "* no inputs": [`version: v2\nplugins:\n${es}`, "in this process: protoc-gen-es"],
  "managed mode": [
    `version: v2\nmanaged:\n  enabled: true\nplugins:\n${es}${proto}`,
    "by buf (managed mode is on): protoc-gen-es",
  ],
  "* only some types": [
    plugins(`${es}    types: [bank.types.v1.Money]\n`, cqrs),
    'in this process: protoc-gen-potter-cqrs; by buf (it sets "types"): protoc-gen-es',
  ],
  "* an input that is a file": [
    `version: v2\nplugins:\n${es}inputs:\n  - proto_file: proto/bank/v1/account.proto\n`,
    'by buf (an input sets "proto_file"): protoc-gen-es',
  ],
};

describe("the bytes of buf generate", () => {
  let project: TestProject;
  beforeEach(() => {
    project = createProject({
      "proto/bank/v2/edition.proto": `edition = "2023";\npackage bank.v2;\nimport "bank/types/v1/money.proto";\nmessage Transfer { bank.types.v1.Money amount = 1 [features.field_presence = LEGACY_REQUIRED]; }\n`,
    });
  });
  afterEach(() => project.delete());

  it.each(Object.entries(templates).filter(([name]) => isFull || !name.startsWith("*")))(
    "come with %s",
    async (_, [template, where]) => {
      project.write("buf.gen.yaml", template);
      const { status, stderr } = project.bufGenerate();
      expect(status, stderr).toBe(0);
      const [expected, code] = [project.tree("gen"), project.tree("src")];
      expect(Object.keys({ ...expected, ...code }).length).toBeGreaterThan(0);
      project.remove("gen");
      project.remove("src");
      expect(await main(["generate", "--no-scaffold"], project.folder), errors.join("\n")).toBe(0);
      expect(withoutManifests(project.tree("gen"))).toEqual(expected);
      expect(withoutManifests(project.tree("src"))).toEqual(code);
      expect(out[1]).toBe(where);
    },
  );

  it("come with options that only the source retains", async () => {
    project.write(
      "proto/bank/v3/secret.proto",
      `syntax = "proto2";\npackage bank.v3;\nimport "google/protobuf/descriptor.proto";\nextend google.protobuf.MessageOptions { optional string note = 50123 [retention = RETENTION_SOURCE]; }\nmessage Noted { option (note) = "kept from plugins"; }\n`,
    );
    project.write("buf.gen.yaml", plugins(es, cqrs));
    expect(project.bufGenerate()).toMatchObject({ status: 0 });
    const expected = project.tree("gen");
    project.remove("gen");
    expect(await main(["generate", "--no-scaffold"], project.folder)).toBe(0);
    expect(withoutManifests(project.tree("gen"))).toEqual(expected);
    expect(out[1]).toBe(
      "by buf (the contract has options that only the source retains): protoc-gen-es, protoc-gen-potter-cqrs",
    );
  });

  it.runIf(isFull)("come with declared extensions", async () => {
    project.write(
      "proto/bank/v3/open.proto",
      `syntax = "proto2";\npackage bank.v3;\nmessage Open { extensions 100 to 199 [declaration = {number: 100, full_name: ".bank.v3.note", type: "string"}]; }\n`,
    );
    project.write("buf.gen.yaml", plugins(es));
    expect(project.bufGenerate()).toMatchObject({ status: 0 });
    const expected = project.tree("gen");
    project.remove("gen");
    expect(await main(["generate", "--no-scaffold"], project.folder)).toBe(0);
    expect(withoutManifests(project.tree("gen"))).toEqual(expected);
  });

  it.runIf(isFull)("come with features of edition 2024 that only the source retains", async () => {
    project.write(
      "proto/bank/v4/named.proto",
      `edition = "2024";\npackage bank.v4;\noption features.enforce_naming_style = STYLE_LEGACY;\nmessage Named { string name = 1; }\n`,
    );
    project.write("buf.gen.yaml", plugins(es));
    const { status, stderr } = project.bufGenerate();
    expect(status, stderr).toBe(0);
    const expected = project.tree("gen");
    project.remove("gen");
    expect(await main(["generate", "--no-scaffold"], project.folder)).toBe(0);
    expect(withoutManifests(project.tree("gen"))).toEqual(expected);
  });
});
