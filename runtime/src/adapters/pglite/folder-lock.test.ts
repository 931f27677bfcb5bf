import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { afterAll, expect, it } from "vitest";
import { lockFolder } from "./folder-lock.js";

const root: string = mkdtempSync(join(tmpdir(), "potter-lock-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Locks the folder repeatedly and records when it has the lock; leaves the files that a killed process leaves. */
const program = `
import { appendFileSync, writeFileSync } from "node:fs";
import { lockFolder } from "./folder-lock.js";
const [, , folder, gone] = process.argv;
const wait = (most) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Math.random() * most);
for (let took = 0; took < 10; ) {
  let release;
  try {
    release = lockFolder(folder);
  } catch (error) {
    if (error.code !== "failed_precondition") throw error;
    wait(3);
    continue;
  }
  appendFileSync(folder + ".log", "+");
  wait(2);
  appendFileSync(folder + ".log", "-");
  writeFileSync(folder + ".lock." + gone, "has it\\n");
  release();
  took++;
}`;

it("is held by one process at a time, though killed processes leave it behind", async () => {
  const outfile = join(root, "program.mjs");
  await build({
    stdin: { contents: program, resolveDir: import.meta.dirname, loader: "js" },
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    logLevel: "error",
  });
  const gone = execFileSync(process.execPath, ["-p", "process.pid"], { encoding: "utf8" }).trim();
  const folder = join(root, "data");
  writeFileSync(`${folder}.lock.${gone}`, "has it\n");
  const codes = await Promise.all(
    Array.from(
      { length: 6 },
      () =>
        new Promise((resolve) => {
          spawn(process.execPath, [outfile, folder, gone], { stdio: "inherit" }).once("close", resolve);
        }),
    ),
  );
  expect(codes).toEqual([0, 0, 0, 0, 0, 0]);
  expect(readFileSync(`${folder}.log`, "utf8")).toBe("+-".repeat(60));
});

it("names the folder that must be writable where its file cannot be created", () => {
  const parent = join(root, "a-file");
  writeFileSync(parent, "");
  expect(() => lockFolder(join(parent, "data"))).toThrow(
    expect.objectContaining({
      code: "failed_precondition",
      message: `cannot create ${parent}/data.lock.${process.pid}, which locks the database: this process must be able to write ${parent}`,
      confidential: true,
    }),
  );
});
