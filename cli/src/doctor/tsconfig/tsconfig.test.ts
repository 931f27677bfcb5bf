import { afterAll, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { main } from "../../main.js";
import { createProject, type TestProject, template } from "../../project.fixture.js";
import type { CheckedFinding } from "../findings/index.js";

let project: TestProject;
beforeAll(() => {
  project = createProject({ "gen/a.ts": "export {};\n", "src/main.ts": "export {};\n" });
});
afterAll(() => project.delete());
let out: string[];
beforeEach(() => {
  out = [];
  vi.spyOn(console, "log").mockImplementation((text) => out.push(String(text)));
});

/** Writes a configuration and returns what is found in it. */
async function find(config: object | string, manifest: object = { type: "module" }): Promise<readonly string[]> {
  project.write("package.json", JSON.stringify(manifest));
  project.write("tsconfig.json", typeof config === "string" ? config : JSON.stringify(config));
  await main(["doctor", "--json", "--only", "tsconfig"], project.folder);
  const { findings } = JSON.parse(out.at(-1) ?? "") as { readonly findings: readonly CheckedFinding[] };
  return findings.map(({ status, message }) => `${status}: ${message}`);
}
const good = { module: "nodenext", strict: true };

it.each<[string, object | string, readonly string[]]>([
  ["nodenext", { compilerOptions: good }, ["ok: tsconfig.json: strict, module: nodenext"]],
  [
    "comments and trailing commas",
    '{ // comment\n "compilerOptions": {"module": "preserve", "strict": true,}, }',
    ["ok: tsconfig.json: strict, module: preserve"],
  ],
  [
    "an option of a later release",
    { compilerOptions: { ...good, notKnownYet: true } },
    ["error: tsconfig.json: tsc reports tsconfig.json:1:55: TS5023: Unknown compiler option 'notKnownYet'."],
  ],
  [
    "CommonJS in a package of ES modules",
    { compilerOptions: { ...good, module: "commonjs" } },
    [
      'error: tsconfig.json: module: commonjs writes CommonJS, but "type": "module" in package.json makes Node run it as an ES module',
    ],
  ],
  [
    "no strict",
    { compilerOptions: { module: "nodenext", strict: false } },
    ["warning: tsconfig.json: strict is off, so types of handlers are imprecise"],
  ],
  [
    "a resolution without subpaths",
    { compilerOptions: { ...good, module: "commonjs", moduleResolution: "node10" } },
    ["error: tsconfig.json: moduleResolution: node10 finds no subpath of packages, such as @potter/runtime/node"],
  ],
  [
    "an include without generated code",
    { compilerOptions: good, include: ["src"] },
    ["warning: tsconfig.json does not include gen, the generated code"],
  ],
  [
    "a rootDir beside generated code",
    { compilerOptions: { ...good, rootDir: "src" }, include: ["src"] },
    ["error: tsconfig.json: gen, the generated code, is not below rootDir"],
  ],
  [
    "a base that is missing",
    { extends: "./nowhere.json", compilerOptions: good },
    [expect.stringMatching(/^error: tsconfig.json: .*nowhere\.json/)],
  ],
  [
    "a syntax error",
    '{ "compilerOptions": ',
    [expect.stringMatching(/^error: tsconfig.json: .*tsconfig.json:1:\d+: /)],
  ],
])("sees %s", async (_, config, findings) => {
  expect(await find(config)).toEqual(findings);
});

it("reads settings through the chain of bases", async () => {
  project.write("configs/base.json", JSON.stringify({ compilerOptions: { strict: true } }));
  project.write("configs/node.json", JSON.stringify({ extends: "./base.json", compilerOptions: { module: "node16" } }));
  expect(await find({ extends: ["./configs/node.json"] })).toEqual(["ok: tsconfig.json: strict, module: node16"]);
});

it("looks at the configurations to which one without files refers, of those at the ones with generated code", async () => {
  project.write(
    "app/tsconfig.json",
    JSON.stringify({ compilerOptions: { ...good, strict: false }, include: ["../gen"] }),
  );
  project.write("other/tsconfig.json", JSON.stringify({ compilerOptions: {}, include: ["../src"] }));
  expect(await find({ files: [], references: [{ path: "app" }, { path: "./other/tsconfig.json" }] })).toEqual([
    "warning: app/tsconfig.json: strict is off, so types of handlers are imprecise",
  ]);
});

it("compares the extension of generated imports with the resolution", async () => {
  const extension = (value: string) =>
    template.replace("potter-cqrs\n    out: gen", `potter-cqrs\n    out: gen\n    opt: import_extension=${value}`);
  project.write("buf.gen.yaml", extension("none"));
  expect(await find({ compilerOptions: good })).toEqual([
    "error: tsconfig.json: module: nodenext needs extensions in imports, but import_extension=none omits them",
  ]);
  expect(await find({ compilerOptions: { strict: true, module: "preserve" } })).toEqual([
    "ok: tsconfig.json: strict, module: preserve",
  ]);
  project.write("buf.gen.yaml", extension("ts"));
  expect(await find({ compilerOptions: good })).toEqual([
    "error: tsconfig.json: import_extension=ts needs a setting that allows it",
  ]);
  expect(await find({ compilerOptions: { ...good, rewriteRelativeImportExtensions: true } })).toEqual([
    "ok: tsconfig.json: strict, module: nodenext",
  ]);
  project.write("buf.gen.yaml", template);
});

it("knows that verbatimModuleSyntax needs an ES module", async () => {
  const config = { compilerOptions: { ...good, verbatimModuleSyntax: true } };
  expect(await find(config)).toEqual(["ok: tsconfig.json: strict, module: nodenext"]);
  expect(await find(config, {})).toEqual([
    "error: tsconfig.json: verbatimModuleSyntax refuses the imports of generated code, since package.json makes it CommonJS",
  ]);
});
