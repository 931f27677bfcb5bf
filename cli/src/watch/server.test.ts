import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createServer, type Exit, type Server } from "./server.js";

let folder: string;
let server: Server | undefined;
let exits: Exit[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "potter-server-"));
  exits = [];
});
afterEach(() => {
  server?.kill();
  rmSync(folder, { recursive: true, force: true });
});

const create = (script: string, grace = 60_000): Server => {
  const command = [process.execPath, "--input-type=module", "--eval", script] as const;
  server = createServer({ command, folder, grace, outputToErrors: true, onExit: (exit) => exits.push(exit) });
  return server;
};
const has = (name: string) => expect.poll(() => existsSync(join(folder, name)));
const isRunning = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

const fs = `import { writeFileSync } from "node:fs";`;

describe("a server", () => {
  it("is asked to end, and has ended when stop resolves", async () => {
    const own = create(
      `${fs} const timer = setInterval(() => {}, 1000); writeFileSync("up", "");
      process.on("SIGTERM", () => { writeFileSync("down", ""); clearInterval(timer); });`,
    );
    const pid = own.start() ?? 0;
    await has("up").toBe(true);
    expect(own.isRunning).toBe(true);
    await own.stop();
    expect(existsSync(join(folder, "down"))).toBe(true);
    expect([own.isRunning, isRunning(pid), exits]).toEqual([false, false, []]);
    await own.stop();
  });

  it("that does not end is killed after the grace period", async () => {
    const own = create(
      `${fs} process.on("SIGTERM", () => {}); setInterval(() => {}, 1000); writeFileSync("up", "");`,
      50,
    );
    const pid = own.start() ?? 0;
    await has("up").toBe(true);
    await own.stop();
    expect(isRunning(pid)).toBe(false);
  });

  it("ends with the processes that it has started", async () => {
    const own = create(
      `${fs} import { spawn } from "node:child_process";
      const child = spawn(process.execPath, ["--eval", "setInterval(() => {}, 1000)"], { stdio: "ignore" });
      writeFileSync("child", String(child.pid)); setInterval(() => {}, 1000);`,
    );
    own.start();
    await expect
      .poll(() => existsSync(join(folder, "child")) && readFileSync(join(folder, "child"), "utf8"))
      .toMatch(/^\d+$/);
    const child = Number(readFileSync(join(folder, "child"), "utf8"));
    expect(isRunning(child)).toBe(true);
    await own.stop();
    await expect.poll(() => isRunning(child)).toBe(false);
  });

  it("reports how it has ended by itself", async () => {
    const own = create("process.exit(3)");
    own.start();
    await expect.poll(() => exits).toEqual([{ code: 3, signal: null }]);
    expect(own.isRunning).toBe(false);
  });

  it("reports that it cannot be started", async () => {
    server = createServer({
      command: ["no-such-program"],
      folder,
      grace: 1000,
      outputToErrors: true,
      onExit: (exit) => exits.push(exit),
    });
    expect(server.start()).toBeUndefined();
    await expect.poll(() => exits).toMatchObject([{ code: null, error: expect.stringContaining("ENOENT") }]);
    expect(server.isRunning).toBe(false);
  });
});
