// `potter watch` as a process, and what it survives. Each test waits for conditions, none for a time.
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createProject, runPotter, type TestProject, template } from "../project.fixture.js";
import { account, command, eventually, fakePlugin, isRunning, withCommand } from "./scenario.fixture.js";
import {
  askLastServer,
  askServer,
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
      fakePlugin(
        `content`,
        `const { appendFileSync, existsSync, readFileSync } = await import("node:fs");
  const content = /message (\\w+)/.exec(readFileSync("proto/a.proto", "utf8"))[1];
  appendFileSync(".runs", content + "\\n");
  while (!existsSync(".go")) await new Promise((resolve) => setTimeout(resolve, 20));`,
      ),
    );
    project.write("proto/a.proto", `syntax = "proto3";\npackage a;\nmessage Old {}\n`);
    project.write(
      "buf.gen.yaml",
      "version: v2\nplugins:\n  - local: [node, slow.mjs]\n    out: gen\n    strategy: all\ninputs:\n  - directory: proto\n",
    );
    project.write(".go", "");
    project.write("main.mjs", "setInterval(() => {}, 1000);\n");
    watch = startWatch(project, ["--no-scaffold", "--", "node", "main.mjs"]);
    await watch.idle();
    project.remove(".go");
    project.write("proto/a.proto", `syntax = "proto3";\npackage a;\nmessage Void {}\n`);
    project.write("main.mjs", "setInterval(() => {}, 2000);\n");
    await eventually(() => project.tree(".")[".runs"]).toMatch(/Void\n$/);
    project.write("proto/a.proto", `syntax = "proto3";\npackage a;\nmessage New {}\n`);
    project.write(".go", "");
    await watch.next("superseded");
    expect(await watch.next("generated")).toMatchObject({ written: ["gen/a.txt"] });
    expect(project.read("gen/a.txt")).toBe("New");
    await watch.idle();
    expect(watch.events.filter(({ event }) => event === "generated")).toHaveLength(2);
    // The command, whose code has changed too, is started once, on the new files.
    const names = watch.events
      .slice(watch.events.findIndex(({ event }) => event === "superseded"))
      .map(({ event }) => event);
    expect(names).toEqual(["superseded", "generating", "stopping", "generated", "started", "watching"]);
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

  it("tries again at the next event after a failure that is not the contract's", async () => {
    project.write("run", "exec node .tools/plugin.mjs\n");
    watch = startWatch(project, command);
    await watch.idle();
    await askServer(project, 1);
    const plugin = "  - local: [sh, run]\n    out: more\n    strategy: all\ninputs:";
    project.write("buf.gen.yaml", template.replace("inputs:", plugin));
    expect(await watch.next("failed")).toMatchObject({
      message: expect.stringContaining("sh failed with exit code 1"),
    });
    await watch.idle();
    // Nobody watches it.
    project.write(".tools/plugin.mjs", fakePlugin(`"made"`));
    project.write("src/answer.mjs", `export const answer = "second";\n`);
    expect(await watch.next("generated")).toMatchObject({ written: ["more/a.txt"] });
    expect(await askServer(project, 2)).toMatchObject({ answer: "second" });
  });

  it("sees that the script of a plugin appears, and follows it", async () => {
    project.write(
      "buf.gen.yaml",
      template.replace("inputs:", "  - local: [node, plugin.mjs]\n    out: more\n    strategy: all\ninputs:"),
    );
    watch = startWatch(project, ["--no-scaffold"]);
    await watch.next("failed");
    await watch.idle();
    project.write("plugin.mjs", fakePlugin(`"one"`));
    await watch.next("generated");
    await eventually(() => project.tree("more")["a.txt"]).toBe("one");
    project.write("plugin.mjs", fakePlugin(`"two"`));
    await eventually(() => project.tree("more")["a.txt"]).toBe("two");
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
    await askServer(project, 1);
    project.write(account, withCommand("CloseAccount"));
    await Promise.all([watch.next("generated"), other.next("generated")]);
    runPotter(project.folder, "generate", "--no-scaffold");
    expect(await other.stop()).toBe(0);
    // Whichever has written first, the command runs on the result. It may have been started more than once.
    await eventually(() => askLastServer(project)).toMatchObject({ commands: ["openAccount", "closeAccount"] });
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
