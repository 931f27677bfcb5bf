// The release script: one version in all packages, a changelog that names it, a clean tree.
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { listWorkspaces } from "../scripts/published.mjs";
import { checkChangelog, checkVersions, isLater } from "../scripts/release.mjs";
import { readText, root } from "./sources.js";

const versionFile = "generator/src/pipeline/version.ts";

describe("a changelog", () => {
  it("is releasable with a non-empty section of the version", () => {
    expect(checkChangelog("# Changes\n\n## 1.2.0 (2030-01-31)\n\n- New.\n\n## 1.1.0\n\n- Old.\n", "1.2.0")).toEqual([]);
    expect(checkChangelog("# Changes\n\n## 1.2.0\n\n- New.\n", "1.2.0")).toEqual([]);
  });

  it("is refused without a section of the version, and with an empty one", () => {
    const missing = ['CHANGELOG.md has no section "## 1.2.0 (YYYY-MM-DD)": write what users can do now.'];
    expect(checkChangelog("# Changes\n\n## 1.2.0-beta.1\n\n- New.\n", "1.2.0")).toEqual(missing);
    expect(checkChangelog("# Changes\n\n## 1x2.0\n\n- New.\n", "1.2.0")).toEqual(missing);
    expect(checkChangelog("## 1.2.0\n\n## 1.1.0\n\n- Old.\n", "1.2.0")).toEqual([
      'CHANGELOG.md says nothing in the section "1.2.0": write what users can do now.',
    ]);
  });

  it("is refused while it has unreleased changes", () => {
    expect(checkChangelog("## Unreleased\n\n- Next.\n\n## 1.2.0\n\n- New.\n", "1.2.0")).toEqual([
      'CHANGELOG.md has a section "Unreleased": rename it to "1.2.0 (YYYY-MM-DD)".',
    ]);
  });
});

it("orders versions as semver does", () => {
  const later = ["0.1.0-beta.1", "0.1.0-beta.2", "0.1.0-beta.10", "0.1.0", "0.1.1", "0.2.0", "0.10.0", "1.0.0"];
  for (const [at, version] of later.entries()) {
    for (const [other, current] of later.entries()) expect(isLater(version, current)).toBe(at > other);
  }
});

describe("npm run release", () => {
  let base: string;
  const current = (): string => listWorkspaces(base)[0]?.manifest.version ?? "";
  const release = (...args: string[]): { status: number | null; output: string } => {
    const script = join(root, "scripts/release.mjs");
    const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], { cwd: base, encoding: "utf8" });
    return { status, output: stdout + stderr };
  };
  const git = (...args: string[]): void => {
    execFileSync("git", ["-c", "user.name=Test", "-c", "user.email=test@example.com", ...args], { cwd: base });
  };

  beforeEach(() => {
    base = mkdtempSync(join(tmpdir(), "potter-release-"));
    const manifests = listWorkspaces().map(({ folder }) => `${folder}/package.json`);
    for (const file of [...manifests, "package-lock.json", versionFile]) {
      mkdirSync(dirname(join(base, file)), { recursive: true });
      cpSync(join(root, file), join(base, file));
    }
    writeFileSync(join(base, "CHANGELOG.md"), "# Changes\n\n## 7.0.0 (2030-01-31)\n\n- New.\n");
    git("init", "--quiet");
    git("add", "--all");
    git("commit", "--quiet", "--message", "start");
  });
  afterEach(() => rmSync(base, { recursive: true, force: true }));

  it("starts from a tree whose packages share one version, as this one's do", () => {
    expect(checkVersions(root, current())).toEqual([]);
    expect(readText(versionFile)).toContain(`"${current()}"`);
  });

  it("writes one version into all workspaces, what they depend on, and the lock file, and prints the tag", () => {
    expect(release("7.0.0", "--skip-packages")).toEqual({
      status: 0,
      output: expect.stringContaining("git tag v7.0.0"),
    });
    expect(checkVersions(base, "7.0.0")).toEqual([]);
    expect(listWorkspaces(base).map(({ manifest }) => manifest.version)).toEqual(listWorkspaces().map(() => "7.0.0"));
    const plugin = readFileSync(join(base, "plugins/protoc-gen-potter/package.json"), "utf8");
    expect(JSON.parse(plugin)).toMatchObject({ version: "7.0.0", dependencies: { "@potter/generator": "7.0.0" } });
    expect(release("v7.0.0", "--verify")).toMatchObject({ status: 0 });
    expect(release("7.0.1", "--verify")).toMatchObject({
      status: 1,
      output: expect.stringContaining("runtime/package.json is not of 7.0.1 throughout."),
    });
  });

  it("writes nothing in a dry run", () => {
    const before = current();
    expect(release("7.0.0", "--dry-run", "--skip-packages")).toEqual({
      status: 0,
      output: expect.stringContaining("The tag would be v7.0.0."),
    });
    expect(current()).toBe(before);
  });

  it("reports all that keeps the release back together", () => {
    git("tag", "v0.0.1");
    writeFileSync(join(base, "stray.txt"), "");
    const { status, output } = release("0.0.1", "--skip-packages");
    expect(status).toBe(1);
    expect(output.trim().split("\n")).toEqual([
      `0.0.1 is earlier than ${current()}, the version of the packages.`,
      "The working tree has changes: commit or stash them.",
      "The tag v0.0.1 exists: choose another version.",
      'CHANGELOG.md has no section "## 0.0.1 (YYYY-MM-DD)": write what users can do now.',
    ]);
  });

  it("accepts the version of the packages until it is tagged", () => {
    writeFileSync(join(base, "CHANGELOG.md"), `# Changes\n\n## ${current()} (2030-01-31)\n\n- New.\n`);
    git("commit", "--quiet", "--all", "--message", "changelog");
    expect(release(current(), "--dry-run", "--skip-packages")).toMatchObject({ status: 0 });
    git("tag", `v${current()}`);
    expect(release(current(), "--dry-run", "--skip-packages")).toMatchObject({ status: 1 });
  });

  it("refuses invalid versions", () => {
    expect(release("next")).toMatchObject({ status: 2 });
    expect(release()).toMatchObject({ status: 2 });
  });
});
