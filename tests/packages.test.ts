// What is in the packages that are published: what each must have, and nothing that leads to files that are not there.
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import { describe, expect, it } from "vitest";
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

  it("has source maps only of sources that are in them or beside them", () => {
    const astray = files
      .filter((file) => file.endsWith(".map"))
      .filter((file) => {
        const { sources, sourcesContent } = JSON.parse(readText(`${folder}/${file}`)) as SourceMap;
        const paths = sources.map((source) => posix.join(dirname(file), source));
        // An earlier build has left it behind, of a source that is gone.
        if (!paths.every((path) => existsSync(join(root, folder, path)))) return false;
        return paths.some((path, at) => typeof sourcesContent?.[at] !== "string" && !files.includes(path));
      });
    expect(astray).toEqual([]);
  });
});
