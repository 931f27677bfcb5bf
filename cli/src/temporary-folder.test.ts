import { existsSync, rmSync } from "node:fs";
import { basename } from "node:path";
import { afterEach, expect, it, vi } from "vitest";
import { createTemporaryFolder } from "./temporary-folder.js";

afterEach(() => vi.unstubAllEnvs());

it("creates a new folder each time", () => {
  const folders = [createTemporaryFolder("x"), createTemporaryFolder("x")];
  for (const folder of folders) {
    expect([basename(folder).startsWith("potter-x-"), existsSync(folder)]).toEqual([true, true]);
    rmSync(folder, { recursive: true });
  }
  expect(new Set(folders).size).toBe(2);
});

it("names the variable to set if there is no place for it", () => {
  // The name of the variable differs on Windows.
  for (const name of ["TMPDIR", "TMP", "TEMP"]) vi.stubEnv(name, "/there is no such folder");
  expect(() => createTemporaryFolder("x")).toThrow(
    /^cannot write temporary files: .*no such folder.*; set TMPDIR to a folder that can be written$/,
  );
});
