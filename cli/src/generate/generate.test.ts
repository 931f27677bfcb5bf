import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { main } from "../main.js";
import { contract, createProject, potterBin, type TestProject, template } from "../project.fixture.js";

let project: TestProject;
let out: string[];
let errors: string[];
beforeEach(() => {
  project = createProject();
  out = [];
  errors = [];
  vi.spyOn(console, "log").mockImplementation((text) => out.push(String(text)));
  vi.spyOn(console, "error").mockImplementation((text) => errors.push(String(text)));
});
afterEach(() => project.delete());

const account = "proto/bank/v1/account.proto";
const generate = (...args: readonly string[]): Promise<number> =>
  main(["generate", "--no-scaffold", ...args], project.folder);

describe("potter generate", () => {
  it("generates, says what changed and what ran where, and changes nothing the second time", async () => {
    expect(await generate()).toBe(0);
    expect(out[0]).toMatch(/^generated 6 files, 6 changed, \d+ ms$/);
    expect(out[1]).toBe("in this process: protoc-gen-es, protoc-gen-potter-cqrs");
    const before = project.tree("gen");
    expect(before["bank/v1/account_cqrs.ts"]).toContain("protoc-gen-potter-cqrs v");
    expect(await generate()).toBe(0);
    expect(out[2]).toMatch(/^generated 6 files, nothing changed, \d+ ms$/);
    expect(project.tree("gen")).toEqual(before);
    expect(errors).toEqual([]);
  });

  it("deletes files of a proto that was deleted, and reports files that buf would delete", async () => {
    await generate();
    project.write(
      account,
      (contract[account] ?? "").replace(/import "bank.*\n/, "").replace(" bank.types.v1.Money deposit = 3;", ""),
    );
    project.remove("proto/bank/types");
    project.write("gen/notes.md", "mine");
    project.write("buf.gen.yaml", template.replace("version: v2", "version: v2\nclean: true"));
    expect(await generate()).toBe(0);
    expect(out[2]).toMatch(/^generated 5 files, 1 changed, 1 deleted, /);
    expect(Object.keys(project.tree("gen"))).toContain("notes.md");
    expect(existsSync(join(project.folder, "gen/bank/types"))).toBe(false);
    expect(errors).toEqual([
      "note: gen/notes.md: not written by potter generate, so kept in spite of clean: true; buf generate would delete them",
    ]);
  });

  it("shows errors of the contract with their lines, keeps what it generated before, and exits with 1", async () => {
    await generate();
    const before = project.tree("gen");
    project.write(account, (contract[account] ?? "").replace('emits: "AccountOpened"', 'emits: "AccountOpend"'));
    expect(await generate()).toBe(1);
    expect(errors).toEqual([
      `${account}:13:56: error unknown-reference: cannot find an event named "AccountOpend" in this scope
    option (potter.v1.command) = {creates: true emits: "AccountOpend"};
                                                       ^^^^^^^^^^^^^^
  hint: did you mean "AccountOpened"?`,
      "potter: nothing was written",
    ]);
    expect(project.tree("gen")).toEqual(before);
  });

  it("shows errors of the compiler with their lines", async () => {
    project.write(account, (contract[account] ?? "").replace("string owner = 2; bank", "strin owner = 2; bank"));
    expect(await generate()).toBe(1);
    expect(errors[0]).toMatch(
      /^proto\/bank\/v1\/account\.proto:17:53: error compile: .*strin.*\n {4}message OpenAccountRequest .*\n {4} +\^+/,
    );
    expect(existsSync(join(project.folder, "gen"))).toBe(false);
  });

  it("prints results and errors as JSON", async () => {
    expect(await generate("--json")).toBe(0);
    expect(JSON.parse(out[0] ?? "")).toMatchObject({
      ok: true,
      written: expect.arrayContaining(["gen/bank/v1/account_cqrs.ts", "gen/bank/v1/account_pb.ts"]),
      deleted: [],
      unchanged: 0,
      runs: [
        { plugin: "protoc-gen-es", where: "in this process" },
        { plugin: "protoc-gen-potter-cqrs", where: "in this process" },
      ],
    });
    project.write(account, `${contract[account]}message Broken {`);
    expect(await generate("--json")).toBe(1);
    expect(JSON.parse(out[1] ?? "")).toMatchObject({
      ok: false,
      diagnostics: [{ code: "compile", severity: "error" }],
    });
    project.write("buf.gen.yaml", "version: v1\n");
    expect(await generate("--json")).toBe(2);
    expect(JSON.parse(out[2] ?? "")).toMatchObject({ ok: false, message: expect.stringContaining("version v1") });
    expect(errors).toEqual([]);
  });

  it("runs in another folder, before and after the name of the command", async () => {
    const name = project.folder.slice(project.folder.lastIndexOf("/") + 1);
    expect(await main(["generate", "--no-scaffold", "--cwd", name], join(project.folder, ".."))).toBe(0);
    expect(await main(["--cwd", name, "generate", "--no-scaffold"], join(project.folder, ".."))).toBe(0);
    expect(out[2]).toMatch(/nothing changed/);
    for (const args of [["--cwd"], ["--cwd="], ["--cwd", ""]]) {
      expect(await main(["generate", ...args], project.folder)).toBe(2);
      expect(errors.splice(0)).toEqual(["potter: --cwd needs a folder: --cwd <folder>"]);
    }
  });

  it("prints help with examples in lines of at most 80 characters", async () => {
    expect(await generate("--help")).toBe(0);
    const lines = out.join("\n").split("\n");
    expect(lines[0]).toBe("potter generate [options]");
    expect(lines).toContain("Examples:");
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(80);
  });
});

const plugin = (entry: string): string => `version: v2\nplugins:\n${entry}inputs:\n  - directory: proto\n`;

/** A plugin that writes a response of its own. */
const fake = (response: string): string => `
import { create, toBinary } from "@bufbuild/protobuf";
import { CodeGeneratorResponseSchema } from "@bufbuild/protobuf/wkt";
process.stdin.on("data", () => {}).on("end", () => {
  process.stdout.write(toBinary(CodeGeneratorResponseSchema, create(CodeGeneratorResponseSchema, ${response})));
});
`;
const local = (name: string): string => `  - local: [node, ${name}]\n    out: gen\n    strategy: all\n`;

describe("what potter generate cannot use", () => {
  it.each([
    [
      "an unknown option",
      "",
      ["--templat", "x"],
      2,
      "potter: unknown option --templat: did you mean --template? potter generate --help lists the options",
    ],
    ["an argument", "", ["proto"], 2, "potter: unexpected argument proto: expected potter generate [options]"],
    [
      "a template that is missing",
      "",
      ["--template", "x.yaml"],
      2,
      /has no x\.yaml, which says what to generate: run potter in /,
    ],
    [
      "a folder that is missing",
      "",
      ["--cwd", "nowhere"],
      2,
      /nowhere is not a folder: name the folder of your project by --cwd/,
    ],
    [
      "version v1",
      "version: v1\nplugins: []\n",
      [],
      2,
      /buf\.gen\.yaml:1:10: version v1 is too old: run npx buf config migrate/,
    ],
    ["no version", "plugins: []\n", [], 2, /buf\.gen\.yaml:1:1: expected version: v2, found no version/],
    ["invalid YAML", "version: v2\nplugins: [\n", [], 2, /buf\.gen\.yaml:3:1: invalid YAML: /],
    ["a list", "- version: v2\n", [], 2, /buf\.gen\.yaml:1:1: expected a mapping/],
    ["no plugins", "version: v2\n", [], 2, /buf\.gen\.yaml:1:1: expected a list of plugins under "plugins"/],
    ["a plugin without out", plugin("  - local: protoc-gen-es\n"), [], 2, /buf\.gen\.yaml:3:5: expected "out"/],
    [
      "a plugin without a program",
      plugin("  - out: gen\n"),
      [],
      2,
      /buf\.gen\.yaml:3:5: expected one of "local", "remote"/,
    ],
    [
      "an invalid strategy",
      plugin("  - local: x\n    out: gen\n    strategy: some\n"),
      [],
      2,
      /:5:15: expected strategy: all or dir/,
    ],
    [
      "a flag that is text",
      plugin("  - local: x\n    out: gen\n    include_imports: yes please\n"),
      [],
      2,
      /:5:22: expected incl/,
    ],
    [
      "a plugin that is not installed",
      plugin("  - local: protoc-gen-nothing\n    out: gen\n"),
      [],
      1,
      "potter: buf.gen.yaml:3:5: cannot find the plugin protoc-gen-nothing: npm install --save-dev protoc-gen-nothing, or put the program on the PATH",
    ],
    [
      "a path to no plugin",
      plugin("  - local: ./tools/protoc-gen-x\n    out: gen\n"),
      [],
      1,
      "potter: buf.gen.yaml:3:5: cannot find the plugin ./tools/protoc-gen-x: there is no such file",
    ],
    [
      "an invalid option of a plugin of Potter",
      plugin("  - local: protoc-gen-potter-cqrs\n    out: gen\n    opt: mesages=es\n"),
      [],
      1,
      /^potter: buf\.gen\.yaml:3:5: protoc-gen-potter-cqrs: unknown option "mesages": .*did you mean "messages"\?$/,
    ],
    [
      "an invalid option of protoc-gen-es",
      plugin("  - local: protoc-gen-es\n    out: gen\n    opt: target=rust\n"),
      [],
      1,
      /^potter: buf\.gen\.yaml:3:5: protoc-gen-es failed: .*target=rust/,
    ],
  ] as const)("%s", async (_, text, args, code, message) => {
    if (text !== "") project.write("buf.gen.yaml", text);
    expect(await generate(...args)).toBe(code);
    expect(errors.at(-1)).toEqual(typeof message === "string" ? message : expect.stringMatching(message));
    expect(existsSync(join(project.folder, "gen"))).toBe(false);
  });

  it.each([
    [
      "that fails",
      "console.error('no luck'); process.exit(3);",
      /buf\.gen\.yaml:3:5: node failed with exit code 3:\nno luck$/,
    ],
    ["that reports an error", fake(`{ error: "no such option" }`), /^potter: node: no such option$/],
    [
      "that writes something else",
      "console.log('hello');",
      /node wrote no response of a plugin to its standard output/,
    ],
    [
      "that writes outside of its folder",
      fake(`{ file: [{ name: "../a.ts" }] }`),
      /node wants to write "\.\.\/a\.ts", which is outside/,
    ],
  ])("a plugin %s", async (_, text, message) => {
    project.write("plugin.mjs", text);
    project.write("buf.gen.yaml", plugin(local("plugin.mjs")));
    expect(await generate()).toBe(1);
    expect(errors.at(-1)).toMatch(message);
    expect(existsSync(join(project.folder, "gen"))).toBe(false);
  });

  it("two plugins that generate the same file", async () => {
    project.write("plugin.mjs", fake(`{ file: [{ name: "a.ts", content: "a" }] }`));
    project.write("buf.gen.yaml", plugin(local("plugin.mjs") + local("plugin.mjs")));
    expect(await generate()).toBe(1);
    expect(errors).toEqual([
      'potter: buf.gen.yaml:6:5: node and node both generate gen/a.ts: give one of them another "out"',
    ]);
  });

  it("a plugin that does not know the edition of a file", async () => {
    project.write("proto/bank/v2/a.proto", `edition = "2023";\npackage bank.v2;\nmessage A {}\n`);
    project.write("plugin.mjs", fake("{ file: [] }"));
    project.write("buf.gen.yaml", plugin(local("plugin.mjs")));
    expect(await generate()).toBe(1);
    expect(errors).toEqual([
      "potter: node does not support the edition of some of your proto files: use a later version of it",
    ]);
  });
});

describe("buf", () => {
  it("that is not installed, or too old, is named with a remedy", async () => {
    project.remove("node_modules");
    vi.stubEnv("PATH", "");
    expect(await generate()).toBe(1);
    expect(errors).toEqual([
      "potter: cannot start buf, which compiles the contract: it is not installed; npm install --save-dev @bufbuild/buf",
    ]);
    project.write("node_modules/@bufbuild/buf/package.json", `{"name":"@bufbuild/buf","version":"1.28.1"}`);
    project.write("node_modules/@bufbuild/buf/bin/buf", `console.error("Failure: unknown version"); process.exit(1);`);
    errors.length = 0;
    expect(await generate()).toBe(1);
    expect(errors[0]).toBe(
      "potter: buf cannot compile the contract:\nFailure: unknown version\n" +
        "buf 1.28.1 is older than 1.32: npm install --save-dev @bufbuild/buf@latest",
    );
    vi.unstubAllEnvs();
  });
});

describe("plugins", () => {
  it("that add to files of others are run by buf", async () => {
    project.write("first.mjs", fake(`{ file: [{ name: "a.ts", content: "// @@protoc_insertion_point(here)\\n" }] }`));
    project.write("second.mjs", fake(`{ file: [{ name: "a.ts", insertionPoint: "here", content: "added();" }] }`));
    project.write("buf.gen.yaml", plugin(local("first.mjs") + local("second.mjs")));
    expect(await generate()).toBe(0);
    expect(project.read("gen/a.ts")).toContain("added();");
    expect(out[1]).toBe("by buf (node adds to files of other plugins): node");
  });

  it("may write a file in pieces, and to standard error", async () => {
    project.write(
      "plugin.mjs",
      `console.error("deprecated");${fake(`{ file: [{ name: "a.ts", content: "a" }, { content: "b" }] }`)}`,
    );
    project.write("buf.gen.yaml", plugin(local("plugin.mjs")));
    expect(await generate()).toBe(0);
    expect(project.read("gen/a.ts")).toBe("ab");
    expect(errors).toEqual(["deprecated"]);
  });

  it("that run once for each folder are explained if they generate a file several times", async () => {
    project.write("proto/other/v1/other.proto", `syntax = "proto3";\npackage other.v1;\nmessage Other {}\n`);
    project.write("plugin.mjs", fake(`{ file: [{ name: "a.ts", content: "a" }] }`));
    project.write("buf.gen.yaml", plugin("  - local: [node, plugin.mjs]\n    out: gen\n"));
    expect(await generate()).toBe(0);
    expect(errors).toEqual([
      "note: buf.gen.yaml:3:5: node runs once for each folder of proto files and generates a.ts in several runs, " +
        "of which only the first counts: set strategy: all",
    ]);
  });

  it("of Potter run as processes if another version is installed", async () => {
    project.remove("node_modules");
    const bin = join(project.folder, "node_modules/.bin");
    project.write(
      "node_modules/protoc-gen-potter-cqrs/package.json",
      `{"name":"protoc-gen-potter-cqrs","version":"0.0.9"}`,
    );
    project.write("node_modules/.bin/keep", "");
    const real = (name: string): string => join(potterBin, "../../../node_modules", name);
    for (const name of ["@bufbuild", "@potter"])
      symlinkSync(real(name), join(project.folder, "node_modules", name), "dir");
    symlinkSync(real(".bin/protoc-gen-potter-cqrs"), join(bin, "protoc-gen-potter-cqrs"));
    project.write("buf.gen.yaml", plugin("  - local: protoc-gen-potter-cqrs\n    out: gen\n    strategy: all\n"));
    expect(await generate()).toBe(0);
    expect(out[1]).toBe("as a process: protoc-gen-potter-cqrs");
  });
});

describe("processes of potter generate", () => {
  const start = () => spawn(process.execPath, [potterBin, "generate"], { cwd: project.folder, stdio: "pipe" });

  it("that run at once do not mix", async () => {
    const children = [start(), start(), start()];
    const codes = await Promise.all(children.map(async (child) => (await once(child, "close"))[0] as number));
    expect(codes).toEqual([0, 0, 0]);
    const tree = project.tree("gen");
    project.remove("gen");
    expect(await generate()).toBe(0);
    expect(tree).toEqual(project.tree("gen"));
  });

  it("that are killed are mended by the next run", async () => {
    expect(await generate()).toBe(0);
    const expected = project.tree("gen");
    project.remove("gen");
    for (let at = 0; at < 4; at++) {
      const child = start();
      const closed = once(child, "close");
      // Some while it compiles, some as soon as it writes.
      if (at % 2 === 0) setTimeout(() => child.kill("SIGKILL"), 300 * (at + 1));
      else
        void expect
          .poll(() => isWriting() || child.exitCode !== null, { interval: 1 })
          .toBe(true)
          .then(() => child.kill("SIGKILL"));
      await closed;
      if (at === 1) project.remove("gen/bank");
    }
    expect(await generate()).toBe(0);
    expect(project.tree("gen")).toEqual(expected);
  });

  function isWriting(): boolean {
    const manifest = join(project.folder, "gen/.potter-manifest.json");
    return existsSync(manifest) && readFileSync(manifest, "utf8").includes('"writing"');
  }
});
