// What is in the packages that are published: what each must have, and nothing that leads to files that are not there.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, posix } from "node:path";
import { describe, expect, it } from "vitest";
import { listStale } from "../scripts/prune-dist.mjs";
import { readText, root } from "./sources.js";

const folders = ["runtime", "generator", ...readdirSync(join(root, "plugins")).map((name) => `plugins/${name}`)];

interface SourceMap {
  readonly sources: readonly string[];
  readonly sourcesContent?: readonly (string | null)[];
}

/** The files of a package as npm would pack it. */
function listPacked(folder: string): readonly string[] {
  const args = ["pack", "--dry-run", "--json", "--ignore-scripts"];
  const output = execFileSync("npm", args, {
    cwd: join(root, folder),
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  const parsed = JSON.parse(output) as unknown;
  const [packed] = (Array.isArray(parsed) ? parsed : Object.values(parsed as object)) as {
    files: { path: string }[];
  }[];
  return (packed?.files ?? []).map(({ path }) => path);
}

describe.each(folders)("the package of %s", (folder) => {
  const files = listPacked(folder);

  it("has a README that names it, and the licence of the repository", () => {
    expect(files).toEqual(expect.arrayContaining(["LICENSE", "README.md", "package.json"]));
    const { name } = JSON.parse(readText(`${folder}/package.json`)) as { name: string };
    expect(readText(`${folder}/README.md`).split("\n")[0]).toBe(`# ${name}`);
    expect(readText(`${folder}/LICENSE`)).toBe(readText("LICENSE"));
  });

  it("says where its sources, its issues and its documentation are, and what it is about", () => {
    const manifest = JSON.parse(readText(`${folder}/package.json`)) as Readonly<Record<string, unknown>>;
    const { homepage, bugs, repository } = JSON.parse(readText("package.json")) as Readonly<Record<string, unknown>>;
    expect(manifest).toMatchObject({
      bugs,
      homepage: `${String(homepage).replace("#readme", "")}/tree/main/${folder}#readme`,
      repository: { ...(repository as object), directory: folder },
      publishConfig: { access: "public" },
      keywords: expect.arrayContaining(["potter", "protobuf", "cqrs", "event-sourcing"]),
      description: expect.stringMatching(/^[A-Z].*\.$/),
    });
  });

  it("has source maps only of sources that are in them or beside them", () => {
    const astray = files
      .filter((file) => file.endsWith(".map"))
      .filter((file) => {
        const { sources, sourcesContent } = JSON.parse(readText(`${folder}/${file}`)) as SourceMap;
        const paths = sources.map((source) => posix.join(dirname(file), source));
        return paths.some((path, at) => typeof sourcesContent?.[at] !== "string" && !files.includes(path));
      });
    expect(astray).toEqual([]);
  });
});

describe("what was compiled from a source that is gone", () => {
  it("is not packed after a build", () => {
    expect(["runtime", "generator"].flatMap((folder) => listStale(join(root, folder)))).toEqual([]);
  });

  it("is removed before a package is packed, with its declarations and maps, and nothing else", () => {
    const folder = mkdtempSync(join(tmpdir(), "potter-stale-"));
    try {
      const files = ["src/a/kept.ts", "dist/plugin.bundle.js", "dist/.tsbuildinfo"];
      const outputs = ["js", "js.map", "d.ts", "d.ts.map"].flatMap((end) => [
        `dist/a/kept.${end}`,
        `dist/a/gone.${end}`,
      ]);
      for (const file of [...files, ...outputs]) {
        mkdirSync(dirname(join(folder, file)), { recursive: true });
        writeFileSync(join(folder, file), "");
      }
      execFileSync(process.execPath, [join(root, "scripts/prune-dist.mjs")], { cwd: folder });
      const left = readdirSync(join(folder, "dist"), { recursive: true, encoding: "utf8" }).filter(
        (file) => file !== "a",
      );
      const kept = ["a/kept.d.ts", "a/kept.d.ts.map", "a/kept.js", "a/kept.js.map"];
      expect(left.sort()).toEqual([".tsbuildinfo", ...kept, "plugin.bundle.js"]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
    for (const name of ["runtime", "generator"]) {
      const { scripts } = JSON.parse(readText(`${name}/package.json`)) as { scripts: Record<string, string> };
      expect(scripts["prepack"]).toBe("node ../scripts/prune-dist.mjs");
    }
  });
});
