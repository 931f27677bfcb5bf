import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { readUserFiles } from "./user-files.js";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "potter-files-"));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(path: string, text = "export {};\n"): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

async function read(): Promise<readonly string[]> {
  return [...(await readUserFiles(root, ["gen"])).texts.keys()];
}

it("files that git ignores are not read, also by a .gitignore of a folder", async () => {
  for (const path of ["src/a.ts", "out/b.ts", "src/local/c.ts", "src/d.ts", "node_modules/e/e.ts"]) write(path);
  write(".gitignore", "out/\n");
  write("src/.gitignore", "local\n");
  expect(await read()).toEqual(["out/b.ts", "src/a.ts", "src/d.ts", "src/local/c.ts"]);
  spawnSync("git", ["init", "-q"], { cwd: root });
  expect(await read()).toEqual(["src/a.ts", "src/d.ts"]);
});

it("a project in a folder that git ignores is read", async () => {
  const outer = root;
  write(".gitignore", "work\n");
  write("work/src/a.ts");
  spawnSync("git", ["init", "-q"], { cwd: outer });
  root = join(outer, "work");
  expect(await read()).toEqual(["src/a.ts"]);
  root = outer;
});

it("files that tsconfig.json excludes are not read, and an invalid one excludes nothing", async () => {
  const paths = ["legacy/a.ts", "legacy2/a.ts", "src/a.ts", "src/deep/old/b.ts", "src/x.gen.ts", "tools/build/c.ts"];
  for (const path of paths) write(path);
  expect(await read()).toEqual(paths);
  write(
    "tsconfig.json",
    '{\n  // "exclude": ["src"],\n  "exclude": ["./legacy", "**/old/*", /* more */ "src/*.gen.ts", "tools/**",],\n}\n',
  );
  expect(await read()).toEqual(["legacy2/a.ts", "src/a.ts"]);
  write("tsconfig.json", '{"exclude": [');
  expect(await read()).toEqual(paths);
  write("tsconfig.json", '{"exclude": "src"}');
  expect(await read()).toEqual(paths);
});
