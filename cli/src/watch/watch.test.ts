// `potter watch` as a process, with a real server under it. Each test waits for conditions, none for a time.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, renameSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { contract, createProject, runPotter, type TestProject, template } from "../project.fixture.js";
import {
  askServer,
  limit,
  readEnds,
  readStarts,
  serverFiles,
  startWatch,
  type WatchProcess,
} from "./watcher.fixture.js";

let project: TestProject;
let watch: WatchProcess | undefined;
beforeEach(() => {
  project = createProject(serverFiles);
});
afterEach(async () => {
  watch?.signal("SIGTERM");
  await watch?.closed;
  watch = undefined;
  project.delete();
});

const account = "proto/bank/v1/account.proto";
const first = contract[account] ?? "";
const withCommand = (name: string): string =>
  first.replace(
    "}\nmessage OpenAccountRequest",
    `  rpc ${name}(${name}Request) returns (${name}Response) {
    option (potter.v1.command) = {emits: "AccountOpened"};
  }
}
message ${name}Request { string account_id = 1; }
message ${name}Response {}
message OpenAccountRequest`,
  );
const broken = first.replace('emits: "AccountOpened"', 'emits: "AccountOpend"');
const command = ["--no-scaffold", "--", "node", "src/main.mjs"];
const isRunning = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};
const eventually = (read: () => unknown) => expect.poll(read, { timeout: limit, interval: 20 });

describe("a server under potter watch", () => {
  it("follows the contract: saved, broken, fixed, renamed, deleted", async () => {
    watch = startWatch(project, command);
    expect(await watch.next("generated")).toMatchObject({ ok: true, unchanged: 0 });
    expect(await askServer(project, 1)).toEqual({ answer: "first", commands: ["openAccount"] });
    await watch.idle();

    project.write(account, withCommand("CloseAccount"));
    expect(await watch.next("generating")).toMatchObject({ changed: [account] });
    expect(await watch.next("generated")).toMatchObject({ deleted: [] });
    await watch.idle();
    expect(await askServer(project, 2)).toEqual({ answer: "first", commands: ["openAccount", "closeAccount"] });

    const before = project.tree("gen");
    project.write(account, broken);
    expect(await watch.next("failed")).toMatchObject({
      diagnostics: [{ code: "unknown-reference", location: { file: account, line: 13 } }],
    });
    await watch.idle();
    expect(project.tree("gen")).toEqual(before);
    expect(await askServer(project, 2)).toEqual({ answer: "first", commands: ["openAccount", "closeAccount"] });

    project.write(account, withCommand("FreezeAccount"));
    await watch.next("generated");
    await watch.idle();
    expect(await askServer(project, 3)).toEqual({ answer: "first", commands: ["openAccount", "freezeAccount"] });

    renameSync(join(project.folder, account), join(project.folder, "proto/bank/v1/renamed.proto"));
    await eventually(() => existsSync(join(project.folder, "gen/bank/v1/account_cqrs.ts"))).toBe(false);
    await eventually(() => existsSync(join(project.folder, "gen/bank/v1/renamed_cqrs.ts"))).toBe(true);
    await eventually(() => readStarts(project).length).toBeGreaterThanOrEqual(4);

    project.write("proto/bank/v2/extra.proto", `syntax = "proto3";\npackage bank.v2;\nmessage Extra {}\n`);
    await eventually(() => existsSync(join(project.folder, "gen/bank/v2/extra_pb.ts"))).toBe(true);
    project.remove("proto/bank/v2");
    await eventually(() => existsSync(join(project.folder, "gen/bank/v2"))).toBe(false);

    expect(await watch.stop()).toBe(0);
    expect(readStarts(project).filter(({ isWhole }) => !isWhole)).toEqual([]);
    // Each was asked to end, the last one by the end of the watcher.
    expect([...readEnds(project)].sort()).toEqual(
      readStarts(project)
        .map(({ pid }) => pid)
        .sort(),
    );
    expect(readStarts(project).filter(({ pid }) => isRunning(pid))).toEqual([]);
  });

  it("is restarted when its code changes, once, and not for files that it does not run", async () => {
    watch = startWatch(project, ["--ignore", "scratch", ...command]);
    await watch.idle();
    expect(await askServer(project, 1)).toMatchObject({ answer: "first" });
    for (const path of ["scratch/a.ts", "dist/a.js", ".cache/a.ts", "notes.md"]) project.write(path, "x");
    project.write("src/answer.mjs", `export const answer = "second";\n`);
    expect(await watch.next("stopping")).toMatchObject({ changed: ["src/answer.mjs"] });
    await watch.idle();
    expect(await askServer(project, 2)).toMatchObject({ answer: "second" });
    expect(watch.events.filter(({ event }) => event === "generating")).toHaveLength(1);
  });

  it("that ends by itself is reported, and started again at the next change", async () => {
    watch = startWatch(project, command);
    await watch.idle();
    await askServer(project, 1);
    process.kill(readStarts(project)[0]?.pid ?? 0, "SIGKILL");
    expect(await watch.next("exited")).toMatchObject({ code: null, signal: "SIGKILL" });
    project.write(account, broken);
    await watch.next("failed");
    project.write("src/main.mjs", `process.exit(3);`);
    project.write(account, withCommand("CloseAccount"));
    expect(await watch.next("exited")).toMatchObject({ code: 3, signal: null });
    project.write("src/main.mjs", serverFiles["src/main.mjs"] ?? "");
    expect(await askServer(project, 2)).toMatchObject({ commands: ["openAccount", "closeAccount"] });
  });

  it("follows git through a switch of 500 files and back", async () => {
    const git = (...args: readonly string[]): void => {
      const identity = ["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "gc.auto=0"];
      execFileSync("git", [...identity, ...args], { cwd: project.folder, stdio: "pipe" });
    };
    project.write(".gitignore", "node_modules\ngen\n.starts\n.ends\n");
    git("init", "--quiet", "--initial-branch=few");
    git("add", ".");
    git("commit", "--quiet", "--message=few");
    git("checkout", "--quiet", "-b", "many");
    project.write(account, withCommand("CloseAccount"));
    for (let at = 0; at < 500; at++) {
      project.write(
        `proto/many/v1/m${at}.proto`,
        `syntax = "proto3";\npackage many.v1;\nmessage M${at} { string a = 1; }\n`,
      );
    }
    git("add", ".");
    git("commit", "--quiet", "--message=many");
    git("checkout", "--quiet", "few");

    watch = startWatch(project, command);
    await watch.idle();
    const few = project.tree("gen");
    git("checkout", "--quiet", "many");
    await eventually(() => project.read("gen/.potter-manifest.json").includes('"many/v1/m499_pb.ts"')).toBe(true);
    await eventually(() => Object.keys(project.tree("gen")).length).toBe(Object.keys(few).length + 500);
    git("checkout", "--quiet", "few");
    await eventually(() => project.tree("gen")).toEqual(few);
    await watch.idle();
    expect(await watch.stop()).toBe(0);
    expect(readStarts(project).filter(({ isWhole }) => !isWhole)).toEqual([]);
    expect(readStarts(project).length).toBeLessThanOrEqual(
      1 + watch.events.filter(({ event }) => event === "generated").length,
    );
  });
});

describe("potter watch", () => {
  it("survives invalid configuration, and follows where it points", async () => {
    watch = startWatch(project, ["--no-scaffold"]);
    await watch.idle();
    project.write("buf.gen.yaml", "version: v2\nplugins: [\n");
    expect(await watch.next("failed")).toMatchObject({
      message: expect.stringMatching(/buf\.gen\.yaml:3:1: invalid YAML/),
    });
    project.remove("buf.gen.yaml");
    expect(await watch.next("failed")).toMatchObject({ message: expect.stringContaining("has no buf.gen.yaml") });
    const { folder } = createOutside();
    project.write("buf.gen.yaml", template.replace("out: gen", "out: code").replace("out: gen", "out: code"));
    project.write("buf.yaml", project.read("buf.yaml").replace("path: proto\n", `path: more\n  - path: proto\n`));
    await eventually(() => existsSync(join(project.folder, "code/bank/v1/account_cqrs.ts"))).toBe(true);
    // A folder that was not there when the watcher began, of a module that was not there.
    mkdirSync(join(folder, "later/v1"), { recursive: true });
    project.write("more/later/v1/later.proto", `syntax = "proto3";\npackage later.v1;\nmessage Later {}\n`);
    project.write(
      "proto/bank/v1/uses.proto",
      `syntax = "proto3";\npackage bank.v1;\nimport "later/v1/later.proto";\nmessage Uses { later.v1.Later later = 1; }\n`,
    );
    await eventually(() => project.tree("code")["bank/v1/uses_pb.ts"] ?? "").toContain("later_pb");
    project.write(
      "more/later/v1/later.proto",
      `syntax = "proto3";\npackage later.v1;\nmessage Later { string name = 1; }\n`,
    );
    await eventually(() => project.tree("code")["later/v1/later_pb.ts"] ?? "").toContain("name: string");
  });

  function createOutside(): { readonly folder: string } {
    const folder = join(project.folder, "more");
    mkdirSync(folder);
    return { folder };
  }

  it("writes no result that newer input has made void", async () => {
    project.write(
      "slow.mjs",
      `
import { create, toBinary } from "@bufbuild/protobuf";
import { CodeGeneratorResponseSchema } from "@bufbuild/protobuf/wkt";
import { appendFileSync, existsSync, readFileSync } from "node:fs";
process.stdin.on("data", () => {}).on("end", async () => {
  const content = /message (\\w+)/.exec(readFileSync("proto/a.proto", "utf8"))[1];
  appendFileSync(".runs", content + "\\n");
  while (!existsSync(".go")) await new Promise((resolve) => setTimeout(resolve, 20));
  const file = [{ name: "a.txt", content }];
  process.stdout.write(toBinary(CodeGeneratorResponseSchema, create(CodeGeneratorResponseSchema, { file })));
});
`,
    );
    project.write("proto/a.proto", `syntax = "proto3";\npackage a;\nmessage Old {}\n`);
    project.write(
      "buf.gen.yaml",
      "version: v2\nplugins:\n  - local: [node, slow.mjs]\n    out: gen\n    strategy: all\ninputs:\n  - directory: proto\n",
    );
    watch = startWatch(project, ["--no-scaffold"]);
    await eventually(() => project.tree(".")[".runs"]).toBe("Old\n");
    project.write("proto/a.proto", `syntax = "proto3";\npackage a;\nmessage New {}\n`);
    project.write(".go", "");
    await watch.next("superseded");
    expect(await watch.next("generated")).toMatchObject({ written: ["gen/a.txt"] });
    expect(project.read("gen/a.txt")).toBe("New");
    expect(watch.events.filter(({ event }) => event === "generated")).toHaveLength(1);
  });

  it("tries a write that failed again until it succeeds, and only then starts the command", async () => {
    project.write("gen/bank", "a file where a folder must be");
    watch = startWatch(project, command);
    expect(await watch.next("failed")).toMatchObject({ message: expect.stringMatching(/cannot write .*gen/) });
    await watch.idle();
    expect(readStarts(project)).toEqual([]);
    project.remove("gen/bank");
    expect(await watch.next("generated")).toMatchObject({ ok: true });
    expect(await askServer(project, 1)).toMatchObject({ commands: ["openAccount"] });
    expect(watch.events.filter(({ event }) => event === "failed")).toHaveLength(1);
  });

  /** What a process runs first: it replaces functions of the file system. */
  const preload = (text: string): Readonly<Record<string, string>> => {
    project.write(
      ".preload/faults.mjs",
      `import fs from "node:fs";\nimport { syncBuiltinESMExports } from "node:module";\n${text}\nsyncBuiltinESMExports();\n`,
    );
    const url = pathToFileURL(join(project.folder, ".preload/faults.mjs")).href;
    return { NODE_OPTIONS: `--import=${url}` };
  };

  it("waits for space on a full disk, without the command on files of which only some are new", async () => {
    const env = preload(`
      const { writeFileSync, existsSync } = fs;
      let count = 0;
      fs.writeFileSync = (path, ...rest) => {
        if (!existsSync(".full")) count = 0;
        // There is space for the first file.
        else if (/_(?:pb|cqrs)\\.ts/.test(String(path)) && ++count > 1) throw Object.assign(new Error("ENOSPC"), { code: "ENOSPC" });
        return writeFileSync(path, ...rest);
      };`);
    watch = startWatch(project, command, env);
    await watch.idle();
    await askServer(project, 1);
    project.write(".full", "");
    project.write(account, withCommand("CloseAccount"));
    expect(await watch.next("failed")).toMatchObject({
      message: expect.stringContaining("the disk is full: free some space"),
    });
    await watch.idle();
    expect(readEnds(project)).toEqual(readStarts(project).map(({ pid }) => pid));
    project.remove(".full");
    expect(await askServer(project, 2)).toMatchObject({ commands: ["openAccount", "closeAccount"] });
    expect(readStarts(project).filter(({ isWhole }) => !isWhole)).toEqual([]);
  });

  it("ends with 1 and the remedy if no more files can be watched", async () => {
    const env = preload(`
      fs.watch = () => { throw Object.assign(new Error("ENOSPC: System limit for number of file watchers reached"), { code: "ENOSPC" }); };`);
    watch = startWatch(project, command, env);
    expect(await watch.next("failed")).toMatchObject({
      message: expect.stringMatching(/fs\.inotify\.max_user_watches.*potter watch --poll/),
    });
    expect(await watch.closed).toBe(1);
    expect(readStarts(project).filter(({ pid }) => isRunning(pid))).toEqual([]);
  });

  it("restores generated files that were deleted", async () => {
    watch = startWatch(project, command);
    await watch.idle();
    const before = project.tree("gen");
    project.remove("gen");
    await eventually(() => project.tree("gen")).toEqual(before);
  });

  it("scaffolds, and starts the command once with what it has inserted", async () => {
    project.write(
      "src/account.ts",
      `import { Account } from "../gen/bank/v1/account_cqrs.js";

export const account = Account.decider({
  initial: () => ({ accountId: "" }),
  decide: {
    openAccount: () => Account.event.accountOpened({ owner: "" }),
  },
  evolve: {
    accountOpened: (state) => state,
  },
});
`,
    );
    watch = startWatch(project, ["--", "node", "src/main.mjs"]);
    await watch.idle();
    await askServer(project, 1);
    project.write(account, withCommand("CloseAccount"));
    expect(await watch.next("generated")).toMatchObject({
      scaffold: { inserted: [{ path: "src/account.ts", name: "Account.decide.closeAccount" }] },
    });
    await watch.idle();
    expect(project.read("src/account.ts")).toContain("closeAccount: () => {");
    expect(await askServer(project, 2)).toMatchObject({ commands: ["openAccount", "closeAccount"] });
  });

  it("shares a folder with another watcher and with potter generate", async () => {
    watch = startWatch(project, command);
    const other = startWatch(project, ["--no-scaffold"]);
    await Promise.all([watch.idle(), other.idle()]);
    project.write(account, withCommand("CloseAccount"));
    await Promise.all([watch.next("generated"), other.next("generated")]);
    runPotter(project.folder, "generate", "--no-scaffold");
    expect(await other.stop()).toBe(0);
    await eventually(() => readStarts(project).length).toBeGreaterThanOrEqual(2);
    const last = readStarts(project).length;
    expect(await askServer(project, last)).toMatchObject({ commands: ["openAccount", "closeAccount"] });
    expect(readStarts(project).filter(({ isWhole }) => !isWhole)).toEqual([]);
  });

  it.each([
    ["--poll", ["--poll"], {}],
    ["CHOKIDAR_USEPOLLING", [], { CHOKIDAR_USEPOLLING: "1" }],
  ] as const)("sees changes by polling: %s", async (_, args, env) => {
    watch = startWatch(project, ["--no-scaffold", ...args], env);
    await watch.idle();
    project.write(account, withCommand("CloseAccount"));
    await watch.next("generated");
    expect(project.read("gen/bank/v1/account_cqrs.ts")).toContain("closeAccount");
  });
});
