// `potter watch` as a process, with a real server under it. Each test waits for conditions, none for a time.
import { execFileSync } from "node:child_process";
import { existsSync, renameSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createProject, type TestProject } from "../project.fixture.js";
import { account, broken, command, eventually, isRunning, withCommand } from "./scenario.fixture.js";
import { askServer, readEnds, readStarts, serverFiles, startWatch, type WatchProcess } from "./watcher.fixture.js";

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
    const events = watch.events.map(({ event }) => event);
    expect(events.filter((event, at) => event === "watching" && events[at - 1] === event)).toEqual([]);
    const started = watch.events.filter(({ event }) => event === "started");
    expect(started.map(({ changed }) => changed)).toEqual([[], expect.anything(), ["src/main.mjs"]]);
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
