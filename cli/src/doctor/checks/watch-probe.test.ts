import { EventEmitter } from "node:events";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { watchProbe } from "./watch-probe.js";

class Watcher extends EventEmitter {
  async close(): Promise<void> {}
}
let watcher: Watcher;
vi.mock("chokidar", () => ({ watch: () => watcher }));

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "potter probe "));
  watcher = new Watcher();
});
afterEach(() => {
  vi.useRealTimers();
  rmSync(folder, { recursive: true, force: true });
});

it("waits for the event of a file that it writes when the folder is watched", async () => {
  const findings = watchProbe.run(folder);
  await vi.waitUntil(() => watcher.listenerCount("ready") > 0);
  watcher.emit("ready");
  const [probe = ""] = readdirSync(folder);
  expect(readdirSync(join(folder, probe))).toEqual(["probe.txt"]);
  watcher.emit("add");
  expect(await findings).toEqual([{ status: "ok", message: "the file system reports changes", remedy: undefined }]);
  expect(readdirSync(folder)).toEqual([]);
});

it("names the limit of inotify", async () => {
  const findings = watchProbe.run(folder);
  await vi.waitUntil(() => watcher.listenerCount("error") > 0);
  watcher.emit("error", Object.assign(new Error("ENOSPC: no space"), { code: "ENOSPC" }));
  expect(await findings).toEqual([
    {
      status: "error",
      message: expect.stringContaining("fs.inotify.max_user_watches"),
      remedy: "npx potter watch --poll",
    },
  ]);
  expect(readdirSync(folder)).toEqual([]);
});

it("recommends to poll if no event comes", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const findings = watchProbe.run(folder);
  await vi.waitUntil(() => watcher.listenerCount("ready") > 0);
  watcher.emit("ready");
  await vi.advanceTimersByTimeAsync(5000);
  expect(await findings).toEqual([
    { status: "warning", message: expect.stringContaining("no event came"), remedy: "npx potter watch --poll" },
  ]);
  expect(readdirSync(folder)).toEqual([]);
});

it("reports a folder that it cannot write into", async () => {
  expect(await watchProbe.run(join(folder, "nowhere"))).toEqual([
    expect.objectContaining({ status: "error", message: expect.stringContaining("cannot write into") }),
  ]);
});
