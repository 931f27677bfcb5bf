// The published packages: files and metadata that each must have, and no source map without its source.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, posix } from "node:path";
import { describe, expect, it } from "vitest";
import { listStale } from "../scripts/prune-dist.mjs";
import { listPublished } from "../scripts/published.mjs";
import { readText, root } from "./sources.js";

const packages = listPublished();

interface SourceMap {
  readonly sources: readonly string[];
  readonly sourcesContent?: readonly (string | null)[];
}

/** The files of each package, by its name, as npm would pack them. */
function listPacked(): ReadonlyMap<string, readonly string[]> {
  const workspaces = packages.flatMap(({ folder }) => ["--workspace", folder]);
  const args = ["pack", "--dry-run", "--json", "--ignore-scripts", "--offline", ...workspaces];
  const output = execFileSync("npm", args, {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 1 << 26,
    stdio: ["ignore", "pipe", "ignore"],
  });
  // npm prints a list, and an object by name from version 11 on.
  const packed = Object.values(JSON.parse(output) as Record<string, Packed>);
  return new Map(packed.map(({ name, files }) => [name, files.map(({ path }) => path)]));
}

interface Packed {
  readonly name: string;
  readonly files: readonly { readonly path: string }[];
}

const packed = listPacked();

describe.each(packages)("the package of $folder", ({ folder, manifest }) => {
  const files = packed.get(manifest.name) ?? [];

  it("has a README titled with its name, and the license of the repository", () => {
    expect(files).toEqual(expect.arrayContaining(["LICENSE", "README.md", "package.json"]));
    expect(readText(`${folder}/README.md`).split("\n")[0]).toBe(`# ${manifest.name}`);
    expect(readText(`${folder}/LICENSE`)).toBe(readText("LICENSE"));
  });

  it("links its sources, issues and documentation, and has a description and keywords", () => {
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

  it("has source maps only of sources that they contain or that are packed", () => {
    const broken = files
      .filter((file) => file.endsWith(".map"))
      .filter((file) => {
        const { sources, sourcesContent } = JSON.parse(readText(`${folder}/${file}`)) as SourceMap;
        const paths = sources.map((source) => posix.join(dirname(file), source));
        return paths.some((path, at) => typeof sourcesContent?.[at] !== "string" && !files.includes(path));
      });
    expect(broken).toEqual([]);
  });
});

describe("output whose source was deleted", () => {
  it("is not packed after a build", () => {
    expect(["runtime", "client", "generator", "cli"].flatMap((folder) => listStale(join(root, folder)))).toEqual([]);
  });

  it("is removed before packing, with its declarations and maps; other files stay", () => {
    const folder = mkdtempSync(join(tmpdir(), "potter-stale-"));
    try {
      const files = ["src/a/kept.ts", "dist/bundle/plugin.js", "dist/.tsbuildinfo"];
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
        (file) => file !== "a" && file !== "bundle",
      );
      const kept = ["a/kept.d.ts", "a/kept.d.ts.map", "a/kept.js", "a/kept.js.map"];
      expect(left.sort()).toEqual([".tsbuildinfo", ...kept, "bundle/plugin.js"]);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
    for (const name of ["runtime", "client", "generator", "cli"]) {
      const { scripts } = JSON.parse(readText(`${name}/package.json`)) as { scripts: Record<string, string> };
      expect(scripts["prepack"]).toBe("node ../scripts/prune-dist.mjs");
    }
  });
});
