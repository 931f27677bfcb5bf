// What a machine may do to a run: a full disk, folders that cannot be written, files that cannot be read, an end at any moment. Each
// ends with a message that has a place and a remedy, no file is half-written, and the next run mends all.
import { chmodSync, existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { main } from "../main.js";
import { createProject, type TestProject } from "../project.fixture.js";
import { runAsStranger, runUntilChange, runWithSmallFiles } from "./faults.fixture.js";

const isFull = process.env["POTTER_FULL"] === "true";
const handwritten = `import { Account } from "../gen/bank/v1/account_cqrs.js";

export const account = Account.decider({
  initial: () => ({ accountId: "" }),
  decide: {},
  evolve: {
    accountOpened: (state) => state,
  },
});
`;
const padding = `// ${"x".repeat(300_000)}\n`;

type Files = Readonly<Record<string, string>>;

let project: TestProject;
beforeEach(() => {
  project = createProject({ "src/account.ts": handwritten });
});
afterEach(() => {
  for (const path of [".", "gen", "src"]) {
    if (existsSync(join(project.folder, path))) chmodSync(join(project.folder, path), 0o755);
  }
  project.delete();
});

/** A run that nothing disturbs. In this process, which is warm after the first. */
const generate = async (): Promise<void> => {
  vi.spyOn(console, "log").mockImplementation(() => {});
  expect(await main(["generate", "--scaffold"], project.folder)).toBe(0);
};
/** All files but packages and temporary ones. */
const files = (): Files => {
  const all = { ...prefix("gen"), ...prefix("src"), ...prefix("proto") };
  return Object.fromEntries(Object.entries(all).filter(([name]) => !/\.tmp$|\.potter-tmp$/.test(name)));
};
const prefix = (folder: string): Files =>
  Object.fromEntries(Object.entries(project.tree(folder)).map(([name, text]) => [`${folder}/${name}`, text]));
/** Files whose text is none of those that they may have. */
const odd = (...allowed: readonly Files[]): readonly string[] =>
  Object.entries(files())
    .filter(([name, text]) => !name.endsWith(".potter-manifest.json") && !allowed.some((one) => one[name] === text))
    .map(([name]) => name);

describe("potter generate", () => {
  it("names the file for which the disk has no space, leaves no file half-written, and is mended by the next run", async () => {
    const before = files();
    await generate();
    const after = files();
    project.remove("gen");
    project.write("src/account.ts", handwritten);
    // The manifest, and files of the code for messages, are larger than the first, all generated files smaller than the last.
    for (const blocks of [1, 4, 8]) {
      const { status, stderr } = runWithSmallFiles(blocks, project.folder, "generate");
      expect([blocks, status, stderr]).toEqual([
        blocks,
        1,
        expect.stringMatching(/potter: cannot write .*gen\/.*: the system allows no larger file: raise the limit/),
      ]);
      expect(odd(before, after)).toEqual([]);
    }
    await generate();
    expect(files()).toEqual(after);
  });

  it("reports what it could not insert into a file for which the disk has no space, with what to paste", async () => {
    project.write("src/account.ts", handwritten + padding);
    const { status, stdout } = runWithSmallFiles(400, project.folder, "generate");
    expect(status).toBe(1);
    expect(stdout).toMatch(
      /src\/account\.ts:\d+:\d+: refused: .*: the system allows no larger file: .* run this again/,
    );
    expect(stdout).toContain("openAccount: () => {");
    expect(project.tree("src")).toEqual({ "account.ts": handwritten + padding });
    await generate();
    expect(project.read("src/account.ts")).toContain("openAccount");
  });

  it("names folders that its user may not write to, and files that it may not read, and changes none", () => {
    const setMode = (path: string, mode: number): void => chmodSync(join(project.folder, path), mode);
    mkdirSync(join(project.folder, "gen"));
    setMode("..", 0o755);
    for (const path of ["gen", "src", "."]) setMode(path, 0o555);
    const before = files();
    const generated = runAsStranger(project.folder, "generate");
    if (generated === undefined) return;
    expect(generated).toMatchObject({
      status: 1,
      stderr: expect.stringMatching(
        /potter: cannot write .*gen\/.*: permission denied: give your user write access to the folder\n$/,
      ),
    });
    expect(files()).toEqual(before);
    setMode("gen", 0o777);
    const scaffolded = runAsStranger(project.folder, "generate");
    expect(scaffolded?.stdout).toMatch(/src\/account\.ts:\d+:\d+: refused: .*no permission to write in this folder/);
    expect(project.read("src/account.ts")).toBe(handwritten);
    for (const [path, message] of [
      ["proto/bank/v1/account.proto", /proto\/bank\/v1\/account\.proto: permission denied/],
      ["buf.gen.yaml", /cannot read buf\.gen\.yaml in .*: permission denied/],
      ["src/account.ts", /src\/account\.ts: unreadable: cannot be read: /],
    ] as const) {
      setMode(path, 0o000);
      const { stdout = "", stderr = "" } = runAsStranger(project.folder, "generate") ?? {};
      expect([path, stdout + stderr]).toEqual([path, expect.stringMatching(message)]);
      setMode(path, 0o644);
    }
  });

  it("that is killed at any change of a file leaves each file old or new, and is mended by the next run", async () => {
    const before = files();
    await generate();
    const after = files();
    let last = 0;
    // Every change in the heavy form; else some at the beginning, in generated files, and the last ones, which are users' files.
    const moments = isFull ? Array.from({ length: 100 }, (_, at) => at) : [1, 9, 16, 17, 18];
    for (const at of moments) {
      project.remove("gen");
      project.write("src/account.ts", handwritten);
      const { signal } = runUntilChange(at, project.folder, "generate");
      expect([at, odd(before, after)]).toEqual([at, []]);
      if (signal === null) break;
      last = at;
      await generate();
      expect([at, files()]).toEqual([at, after]);
    }
    expect(last).toBe(18);
  });
});

describe("potter init", () => {
  const created = (): Files =>
    Object.fromEntries(Object.entries(project.tree("new")).filter(([name]) => !name.endsWith(".tmp")));
  const oddly = (expected: Files): readonly string[] =>
    Object.entries(created())
      .filter(([name, text]) => text !== expected[name])
      .map(([name]) => name);
  let expected: Files;
  beforeEach(async () => {
    vi.spyOn(console, "log").mockImplementation(() => {});
    await main(["init", "new"], project.folder);
    expected = created();
    project.remove("new");
  });
  const complete = async (): Promise<void> => {
    await main(["init", "new", "--force", "--yes"], project.folder);
    expect(created()).toEqual(expected);
  };

  it("names the file for which the disk has no space, leaves none half-written, and adds with --force what is missing", async () => {
    const { status, stderr } = runWithSmallFiles(2, project.folder, "init", "new");
    expect([status, stderr]).toEqual([
      1,
      expect.stringMatching(/potter: cannot write .*new\/\S+: the system allows no larger file: .* run this again\n$/),
    ]);
    expect(Object.keys(created()).length).toBeGreaterThan(0);
    expect(oddly(expected)).toEqual([]);
    await complete();
  });

  it("that is killed at any change of a file leaves no file half-written", async () => {
    const moments = isFull ? Array.from({ length: 200 }, (_, at) => at) : [0, 1, 13, 23];
    for (const at of moments) {
      project.remove("new");
      const { signal } = runUntilChange(at, project.folder, "init", "new");
      expect([at, oddly(expected)]).toEqual([at, []]);
      if (signal === null) break;
      await complete();
      expect(at).toBeLessThan(199);
    }
  });
});

it("potter lock leaves the recorded names as they are if the disk has no space", async () => {
  const recorded = "# The names.\n".repeat(100);
  project.write("potter.lock", recorded);
  const { status, stderr } = runWithSmallFiles(1, project.folder, "lock");
  expect([status, stderr]).toEqual([
    1,
    expect.stringMatching(
      /potter: cannot write .*potter\.lock: the system allows no larger file: .* run this again\n$/,
    ),
  ]);
  expect(project.read("potter.lock")).toBe(recorded);
});
