// Faults of other watchers, as docs/developer-loop-peer-faults.md lists them, which no other test excludes.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { renameSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createProject, potterBin, type TestProject } from "../project.fixture.js";
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

const path = (name: string): string => join(project.folder, name);

describe("potter watch", () => {
  it("begins although the contract is invalid, and starts the command when it is fixed", async () => {
    project.write(account, broken);
    watch = startWatch(project, command);
    expect(await watch.next("failed")).toMatchObject({ diagnostics: [{ code: "unknown-reference" }] });
    await watch.idle();
    expect(project.tree("gen")).toEqual({});
    expect(readStarts(project)).toEqual([]);
    project.write(account, withCommand("CloseAccount"));
    expect(await askServer(project, 1)).toMatchObject({ commands: ["openAccount", "closeAccount"] });
  });

  it("sees each save of an editor that replaces the file, or moves it aside first, and runs once for each", async () => {
    const other = "proto/bank/types/v1/money.proto";
    const money = project.read(other);
    watch = startWatch(project, ["--no-scaffold"]);
    await watch.idle();
    const saves: readonly (readonly [string, string, string])[] = [
      [account, withCommand("CloseAccount"), "bank/v1/account_cqrs.ts"],
      [other, money.replace("An amount.", "An amount of money."), "bank/types/v1/money_pb.ts"],
      [other, money.replace("An amount.", "A sum."), "bank/types/v1/money_pb.ts"],
      [account, withCommand("FreezeAccount"), "bank/v1/account_cqrs.ts"],
    ];
    for (const [at, [file, text, generated]] of saves.entries()) {
      const before = project.read(`gen/${generated}`);
      if (at % 2 === 0) {
        project.write(`${file}.new`, text);
        renameSync(path(`${file}.new`), path(file));
      } else {
        renameSync(path(file), path(`${file}~`));
        project.write(file, text);
      }
      await eventually(() => project.read(`gen/${generated}`) !== before).toBe(true);
      await watch.idle();
    }
    // Moved aside, a file may be missed for a moment: then that state is a run as well, which is void or reports an error.
    const runs = watch.events.filter(({ event }) => event === "generated").length;
    expect(runs).toBeLessThanOrEqual(1 + saves.length + 2);
    // Files that it has written itself lead to no run: nothing else has happened since.
    project.write("notes.md", "x");
    project.write(account, withCommand("CloseAccount"));
    await watch.next("generated");
    expect(watch.events.filter(({ event }) => event === "generated")).toHaveLength(runs + 1);
  });

  it("ends by Ctrl-C although the command has ended by itself", async () => {
    project.write("src/main.mjs", "process.exit(0);");
    watch = startWatch(project, command);
    await watch.next("exited");
    watch.signal("SIGINT");
    expect(await watch.closed).toBe(0);
  });

  it("ends, and its command with it, when nobody reads its output any more", async () => {
    watch = startWatch(project, command);
    await watch.idle();
    await askServer(project, 1);
    watch.closeOutput();
    project.write(account, withCommand("CloseAccount"));
    expect(await watch.closed).toBe(0);
    const pids = readStarts(project).map(({ pid }) => pid);
    expect(readEnds(project)).toEqual(pids);
    expect(pids.filter(isRunning)).toEqual([]);
  });
});

it("potter generate finishes although nobody reads its output (EPIPE)", async () => {
  const child = spawn(process.execPath, [potterBin, "generate"], { cwd: project.folder, stdio: "pipe" });
  child.stdout.destroy();
  child.stderr.destroy();
  expect((await once(child, "close"))[0]).toBe(0);
  expect(project.read("gen/.potter-manifest.json")).toContain('"digest"');
});
