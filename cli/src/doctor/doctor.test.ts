import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { version } from "@potter/generator/tooling";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { main } from "../main.js";
import { createProject, potterBin, type TestProject, template } from "../project.fixture.js";
import { withRunLock } from "../write/index.js";
import type { CheckedFinding } from "./findings/index.js";

const files: Readonly<Record<string, string>> = {
  "package.json": JSON.stringify({ type: "module", dependencies: { "@potter/runtime": version } }),
  "tsconfig.json": JSON.stringify({ compilerOptions: { module: "nodenext", strict: true }, include: ["gen", "src"] }),
  "src/main.ts": "export {};\n",
};

let out: string[];
let errors: string[];
beforeEach(() => {
  out = [];
  errors = [];
  vi.spyOn(console, "log").mockImplementation((text) => out.push(String(text)));
  vi.spyOn(console, "error").mockImplementation((text) => errors.push(String(text)));
});

/** Runs `potter doctor --json`. Returns the exit code and what is not ok, a line each. */
async function doctor(folder: string, ...args: readonly string[]): Promise<readonly (number | string)[]> {
  const code = await main(["doctor", "--json", ...args], folder);
  const { findings } = JSON.parse(out.pop() ?? "") as { readonly findings: readonly CheckedFinding[] };
  for (const { status, remedy } of findings) expect(remedy === undefined).toBe(status === "ok");
  return [
    code,
    ...findings
      .filter(({ status }) => status !== "ok")
      .map(({ check, status, message }) => `${status} ${check}: ${message}`),
  ];
}

describe("potter doctor in a project without faults", () => {
  let project: TestProject;
  beforeAll(() => {
    project = createProject(files);
  });
  afterAll(() => project.delete());

  it("finds nothing but that nothing is generated yet, and leaves no file behind", async () => {
    const before = readdirSync(project.folder);
    expect(await doctor(project.folder)).toEqual([
      0,
      "warning generated: gen is not up to date: bank/types/v1/money_pb.ts, bank/v1/account_cqrs.ts, bank/v1/account_pb.ts and 3 more",
    ]);
    expect(readdirSync(project.folder)).toEqual(before);
  });

  it("finds nothing after potter generate, and prints a line for each check", async () => {
    expect(await main(["generate", "--no-scaffold"], project.folder)).toBe(0);
    expect(await main(["doctor"], project.folder)).toBe(0);
    const text = out.pop() ?? "";
    expect(text).toMatch(/^ok {7}node {10}Node \d+/);
    expect(text).toContain("ok       generated     gen is up to date: 6 files\n");
    expect(text).toContain("ok       watch         the file system reports changes\n");
    expect(text).toMatch(/\n\n0 errors, 0 warnings, \d+ ok$/);
    expect(text).not.toContain("\u001b");
  });

  it.each([
    ["without a terminal", {}, false],
    ["with FORCE_COLOR", { FORCE_COLOR: "1" }, true],
  ])("has colours %s: %j", (_, set, coloured) => {
    const { NO_COLOR: _no, FORCE_COLOR: _force, ...rest } = process.env;
    const args = [potterBin, "doctor", "--only", "node", "--cwd", project.folder];
    const text = execFileSync(process.execPath, args, { env: { ...rest, ...set }, encoding: "utf8" });
    expect(text.includes("\u001b[32mok")).toBe(coloured);
  });

  it("names a run that has the lock", async () => {
    const work = () => doctor(project.folder, "--only", "run-lock");
    const [code, finding, ...more] = await withRunLock(project.folder, () => {}, work);
    expect([code, more]).toEqual([0, []]);
    expect(finding).toMatch(
      new RegExp(`^warning run-lock: process ${process.pid} has been writing into this folder for \\d+ s$`),
    );
  });

  it.each([
    ["--only node,tsconf", "potter: --only tsconf: expected some of node, packages, buf, buf.yaml"],
    ["--jsn", "potter: unknown option --jsn: did you mean --json? potter doctor --help lists the options"],
    ["--cwd nowhere", `nowhere is not a folder: name the folder of your project by --cwd`],
  ])("refuses %s", async (args, message) => {
    expect(await main(["doctor", ...args.split(" ")], project.folder)).toBe(2);
    expect(errors.join("\n")).toContain(message);
  });
});

describe("potter doctor in a broken project", () => {
  let project: TestProject;
  beforeEach(() => {
    project = createProject(files);
  });
  afterEach(() => project.delete());
  const find = (only: string) => doctor(project.folder, "--only", only);

  it("reports all that it can if nothing is as it should be", async () => {
    project.write("package.json", "{");
    project.write("buf.yaml", "version: [");
    project.write("buf.gen.yaml", "plugins: {");
    project.write("tsconfig.json", "{");
    project.write("potter.lock", "graphql");
    const [code, ...findings] = await doctor(project.folder);
    expect(code).toBe(1);
    expect(findings.map((one) => String(one).replace(/:.*$/s, ""))).toEqual([
      "error packages",
      "error buf.yaml",
      "error buf.gen.yaml",
      "warning messages",
      "error tsconfig",
      "warning registry",
      "warning generated",
      "error potter.lock",
    ]);
  });

  it("reports folders where files should be", async () => {
    for (const name of ["package.json", "buf.yaml", "buf.gen.yaml", "tsconfig.json", "potter.lock", "buf.lock"]) {
      project.remove(name);
      mkdirSync(join(project.folder, name));
    }
    const [code, ...findings] = await doctor(project.folder);
    expect(code).toBe(1);
    for (const check of ["packages", "buf.yaml", "buf.gen.yaml", "tsconfig", "potter.lock"]) {
      expect(findings.filter((one) => String(one).startsWith(`error ${check}: `))).toHaveLength(1);
    }
  });

  it("reports what an empty folder lacks", async () => {
    for (const name of readdirSync(project.folder)) project.remove(name);
    expect(await find("packages,buf.yaml,buf.gen.yaml,tsconfig,potter.lock,registry")).toEqual([
      1,
      "warning packages: there is no package.json",
      "warning buf.yaml: there is no buf.yaml: buf takes the folder for one module",
      "error buf.gen.yaml: there is no buf.gen.yaml, which says what to generate",
      "warning tsconfig: there is no tsconfig.json",
    ]);
  });

  const install = (name: string, manifest: object): void => {
    mkdirSync(join(project.folder, "node_modules", name), { recursive: true });
    writeFileSync(join(project.folder, "node_modules", name, "package.json"), JSON.stringify(manifest));
  };

  it("reports once that nothing is installed", async () => {
    project.remove("node_modules");
    vi.stubEnv("PATH", "");
    const found = await find("packages,buf,buf.yaml,generated");
    vi.unstubAllEnvs();
    expect(found).toEqual([
      1,
      "error packages: package.json names packages that are not installed: @potter/runtime",
      expect.stringMatching(/^error buf: cannot start buf/),
      "error buf.yaml: buf.yaml: the module node_modules/@potter/generator/proto is no folder",
      "warning generated: not compared: buf cannot be started",
    ]);
  });

  it("reports packages of different versions, drivers out of range, and what is not installed", async () => {
    project.remove("node_modules");
    install("@potter/runtime", {
      version: "0.0.9",
      peerDependencies: { pg: "^8.23.1", ws: "^8.18.0", "@bufbuild/protobuf": "^2.17.0" },
    });
    install("@potter/generator", { version });
    install("pg", { version: "7.18.2" });
    install("ws", { version: "8.23.0" });
    project.write(
      "package.json",
      JSON.stringify({ dependencies: { pg: "^7", left: "^1" }, devDependencies: { right: "1" } }),
    );
    expect(await find("packages")).toEqual([
      1,
      "error packages: package.json names packages that are not installed: right, left",
      `error packages: packages of Potter differ from this potter, version ${version}: @potter/runtime 0.0.9`,
      "error packages: pg 7.18.2 is installed; @potter/runtime needs ^8.23.1",
      "error packages: @potter/runtime needs @bufbuild/protobuf ^2.17.0, which is not installed",
    ]);
  });

  it.each([
    ["modules:\n  - path: nowhere\n", "buf.yaml: expected version: v2, found no version"],
    ["version: v2\nmodules:\n  - path: nowhere\n", "buf.yaml: the module nowhere is no folder"],
    ["version: v2\nmodules: [{path: proto\n", "buf.yaml:3:1: invalid YAML"],
    ["- a\n", "buf.yaml:1:1: expected a mapping with a version"],
  ])("reports a buf.yaml that is %j", async (text, message) => {
    project.write("buf.yaml", text);
    expect(await find("buf.yaml")).toEqual([1, expect.stringContaining(`error buf.yaml: ${message}`)]);
  });

  it("asks buf about keys, and names the faulty file once", async () => {
    project.write("buf.yaml", "version: v2\nmodulez:\n  - path: proto\nlint:\n  usee: [STANDARD]\n");
    expect(await find("buf.yaml,registry,generated")).toEqual([
      1,
      "error buf.yaml: buf.yaml:2: buf knows no key modulez here",
      "error buf.yaml: buf.yaml:5: buf knows no key usee here",
      "warning generated: not compared: buf.yaml cannot be used",
    ]);
    project.write("buf.yaml", "version: v2\nmodules: [{path: proto\ndeps: [x]\n");
    project.write("buf.lock", "a: [");
    const [, ...found] = await find("buf.yaml,registry,generated");
    expect(found).toEqual([
      expect.stringMatching(/^error buf\.yaml: buf\.yaml:3:\d+: invalid YAML: .*$/),
      "warning registry: not checked: buf.yaml cannot be used",
      "warning generated: not compared: buf.yaml cannot be used",
    ]);
    project.write("buf.yaml", "version: v2\nmodules:\n  - path: proto\n");
    expect((await find("registry"))[1]).toMatch(/^error registry: buf\.lock:\d+:\d+: invalid YAML: /);
  });

  it("has one line for each finding, whatever other programs say, and one remedy for a missing buf", async () => {
    project.remove("node_modules");
    vi.stubEnv("PATH", "");
    await main(["doctor", "--only", "buf"], project.folder);
    vi.unstubAllEnvs();
    expect(out.pop()).toBe(
      [
        "error    buf  cannot start buf, which compiles the contract: it is not installed",
        "              → npm install --save-dev @bufbuild/buf",
        "",
        "1 error, 0 warnings, 0 ok",
      ].join("\n"),
    );
  });

  it.each<[string, string, readonly (RegExp | string)[]]>([
    ["an old version", "version: v1\nplugins: []\n", [/^error buf.gen.yaml: buf.gen.yaml:1:10: version v1 is too old/]],
    [
      "an invalid option",
      template.replace("potter-cqrs\n    out: gen", "potter-cqrs\n    out: gen\n    opt: mesages=es"),
      [
        'error buf.gen.yaml: buf.gen.yaml:8:5: protoc-gen-potter-cqrs: unknown option "mesages": expected "messages" or "import_extension" or "target"; did you mean "messages"?',
      ],
    ],
    [
      "a plugin that is not installed",
      `${template.replace("protoc-gen-es", "protoc-gen-nowhere")}`,
      ["error buf.gen.yaml: buf.gen.yaml:3:5: cannot find the plugin protoc-gen-nowhere"],
    ],
    [
      "an out that holds the project",
      template.replace("version: v2", "version: v2\nclean: true").replaceAll("out: gen", "out: ."),
      ["error buf.gen.yaml: clean: true empties ., which contains your project, when buf generate runs"],
    ],
    [
      "managed mode",
      `${template}managed:\n  enabled: true\n`,
      ["warning buf.gen.yaml: buf runs all plugins: managed mode is on"],
    ],
  ])("reports a template with %s", async (_, text, findings) => {
    project.write("buf.gen.yaml", text);
    const [, ...found] = await find("buf.gen.yaml");
    expect(found).toEqual(findings.map((one) => (typeof one === "string" ? one : expect.stringMatching(one))));
  });

  it.each<[string, string, string]>([
    [
      "another extension",
      template.replace("import_extension=js", "import_extension=none"),
      "error messages: buf.gen.yaml:3:5: protoc-gen-es writes imports with extension none, Potter with js",
    ],
    [
      "JavaScript that imports messages of TypeScript",
      template.replace("potter-cqrs\n    out: gen", "potter-cqrs\n    out: gen\n    opt: target=js+dts"),
      "warning messages: buf.gen.yaml:3:5: protoc-gen-es writes no JavaScript, which that of Potter (target=js+dts) imports",
    ],
    [
      "no plugin of messages",
      template.replace("protoc-gen-es", "protoc-gen-other"),
      "warning messages: the options of Potter say messages=es, but buf.gen.yaml names no protoc-gen-es",
    ],
    [
      "messages elsewhere",
      template.replace("out: gen", "out: messages"),
      "error messages: buf.gen.yaml:3:5: the messages are in messages, the code of protoc-gen-potter-cqrs in gen",
    ],
    [
      "an option of ts-proto that is missing",
      template
        .replace("protoc-gen-es", "protoc-gen-ts_proto")
        .replace("[target=ts, import_extension=js]", "[forceLong=bigint, importSuffix=.js]")
        .replace("potter-cqrs\n    out: gen", "potter-cqrs\n    out: gen\n    opt: messages=ts-proto"),
      "error messages: buf.gen.yaml:3:5: ts-proto needs oneof=unions-value",
    ],
  ])("reports %s", async (_, text, finding) => {
    project.write("buf.gen.yaml", text);
    expect(await find("messages")).toEqual([finding.startsWith("error") ? 1 : 0, finding]);
  });

  it("reports dependencies of a registry that are not locked, or not in the cache", async () => {
    project.write("buf.yaml", `${project.read("buf.yaml")}deps:\n  - buf.build/nobody/nothing:v1\n`);
    expect(await find("registry")).toEqual([
      1,
      "error registry: buf.lock lacks dependencies of buf.yaml: buf.build/nobody/nothing",
    ]);
    const digest = `b5:${"0".repeat(128)}`;
    const commit = "61b203b9a9164be9a834f58c37be6f62";
    project.write(
      "buf.lock",
      `version: v2\ndeps:\n  - name: buf.build/nobody/nothing\n    commit: ${commit}\n    digest: ${digest}\n`,
    );
    expect(await find("registry")).toEqual([
      0,
      expect.stringContaining(
        "warning registry: dependencies are not in the cache of buf, so it needs network: buf.build/nobody/nothing (",
      ),
    ]);
  });

  it("reports files that are stale, interrupted, foreign, and a contract with errors", async () => {
    project.write("buf.gen.yaml", template.replace("version: v2", "version: v2\nclean: true"));
    await main(["generate", "--no-scaffold"], project.folder);
    project.write("gen/mine.ts", "export {};\n");
    project.remove("gen/bank/v1/account_cqrs.ts");
    expect(await find("generated")).toEqual([
      0,
      "warning generated: gen is not up to date: bank/v1/account_cqrs.ts",
      "warning generated: clean: true: buf generate would delete files in gen that are not generated: mine.ts",
    ]);
    project.write("gen/.potter-manifest.json", '{"files": {}, "writing": {"a.ts": "x"}}');
    project.remove("gen/mine.ts");
    expect((await find("generated"))[1]).toBe("warning generated: gen: a run was interrupted while it wrote 1 file");
    project.write("proto/bad.proto", 'syntax = "proto3"; package bad; message A { B b = 1; }\n');
    expect((await find("generated"))[1]).toMatch(
      /^error generated: the contract cannot be generated: proto\/bad.proto:1:45: error compile: /,
    );
  });
});
