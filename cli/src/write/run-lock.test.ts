import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, realpathSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { root } from "../project.fixture.js";
import { withRunLock } from "./index.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "potter-lock-"));
});
afterEach(() => {
  rmSync(lockOf(folder), { force: true });
  rmSync(folder, { recursive: true, force: true });
});

const lockOf = (path: string): string =>
  join(tmpdir(), `potter-${createHash("sha256").update(realpathSync(path)).digest("hex").slice(0, 24)}.lock`);

it("runs work in one folder one after the other, says who waits, and lets other folders be", async () => {
  const log: string[] = [];
  const said: string[] = [];
  let end = (): void => {};
  const first = withRunLock(
    folder,
    (text) => said.push(text),
    async () => {
      log.push("first begins");
      await new Promise<void>((resolve) => (end = resolve));
      log.push("first ends");
    },
  );
  await expect.poll(() => log).toEqual(["first begins"]);
  const second = withRunLock(
    folder,
    (text) => said.push(text),
    async () => log.push("second"),
  );
  await expect.poll(() => said).toEqual([`waiting for another run of potter in ${folder}, process ${process.pid}`]);
  const other = mkdtempSync(join(tmpdir(), "potter-lock-"));
  await withRunLock(
    other,
    (text) => said.push(text),
    async () => log.push("another folder"),
  );
  rmSync(other, { recursive: true });
  end();
  await Promise.all([first, second]);
  expect(log).toEqual(["first begins", "another folder", "first ends", "second"]);
});

it("frees the folder when the work fails", async () => {
  const fail = withRunLock(
    folder,
    () => {},
    async () => {
      throw new Error("broken");
    },
  );
  await expect(fail).rejects.toThrow("broken");
  expect(
    await withRunLock(
      folder,
      () => {},
      async () => 1,
    ),
  ).toBe(1);
});

it("takes over from a process that was killed", async () => {
  const module = JSON.stringify(join(root, "cli/dist/write/index.js"));
  const script = `
    const { withRunLock } = await import(${module});
    await withRunLock(process.argv[1], () => {}, () => new Promise(() => {
      console.log("holds");
      setInterval(() => {}, 1000);
    }));`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", script, folder]);
  await once(child.stdout, "data");
  child.kill("SIGKILL");
  await once(child, "close");
  expect(
    await withRunLock(
      folder,
      () => {},
      async () => "runs",
    ),
  ).toBe("runs");
});

it("takes over a lock of a process that died before it wrote its id", async () => {
  writeFileSync(lockOf(folder), "");
  utimesSync(lockOf(folder), new Date(0), new Date(0));
  expect(
    await withRunLock(
      folder,
      () => {},
      async () => "runs",
    ),
  ).toBe("runs");
});
