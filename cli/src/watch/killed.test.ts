// What is left when `potter watch`, or what has started it, is killed: nothing.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createProject, root, type TestProject } from "../project.fixture.js";
import { command, eventually, isRunning } from "./scenario.fixture.js";
import { askServer, readEnds, readStarts, serverFiles, startWatch } from "./watcher.fixture.js";

const manifest = {
  private: true,
  scripts: { dev: "potter watch --no-scaffold -- npm run serve", serve: "node src/main.mjs" },
};

let project: TestProject;
beforeEach(() => {
  project = createProject({ ...serverFiles, "package.json": JSON.stringify(manifest) });
});
afterEach(() => project.delete());

/** The process ids that a process of npm and the watcher below it have written. */
const start = async () => {
  await askServer(project, 1);
  return readStarts(project)[0]?.pid ?? 0;
};

describe("a server under potter watch", () => {
  it("is asked to end when the watcher is killed", async () => {
    const watch = startWatch(project, command);
    const pid = await start();
    watch.signal("SIGKILL");
    expect(await watch.closed).toBeNull();
    await eventually(() => readEnds(project)).toEqual([pid]);
    await eventually(() => isRunning(pid)).toBe(false);
  });

  it("is killed if it does not end after the watcher", async () => {
    const module = JSON.stringify(join(root, "cli/dist/watch/server.js"));
    const stubborn = `process.on("SIGTERM", () => {}); setInterval(() => {}, 1000); console.error("up");`;
    const script = `
      const { createServer } = await import(${module});
      const command = [process.execPath, "--eval", ${JSON.stringify(stubborn)}];
      console.log(createServer({ command, folder: ".", grace: 500, outputToErrors: true, onExit: () => {} }).start());
      setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ["--input-type=module", "--eval", script], { stdio: "pipe" });
    const [[pid]] = await Promise.all([once(child.stdout, "data"), once(child.stderr, "data")]);
    expect(isRunning(Number(pid))).toBe(true);
    child.kill("SIGKILL");
    await eventually(() => isRunning(Number(pid))).toBe(false);
  });

  it.skipIf(process.platform === "win32")(
    "ends with npm, which passes SIGTERM to its shell and no further",
    async () => {
      const child = spawn("npm", ["run", "dev"], { cwd: project.folder, stdio: ["ignore", "pipe", "inherit"] });
      const closed = once(child, "close");
      let text = "";
      child.stdout.on("data", (chunk: Buffer) => {
        text += chunk.toString();
      });
      const pid = await start();
      await eventually(() => text).toContain("watch: waiting for changes");
      child.kill("SIGTERM");
      // Its output is closed when the watcher, which has it too, has ended.
      await closed;
      expect(text).toMatch(/watch: ended\n$/);
      expect(readEnds(project)).toEqual([pid]);
      expect(isRunning(pid)).toBe(false);
    },
  );
});
