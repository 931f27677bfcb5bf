// Prepares a release: npm run release -- VERSION [--dry-run | --verify] [--skip-packages]
//
// All packages share one version. The script checks the tree, the tag and the changelog, writes the version into all
// workspaces and the lock file, packs every package and prints what to run next. It neither commits nor publishes.
// --dry-run checks without writing. --verify checks that a tagged tree holds VERSION; the release workflow runs it.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { listPublished, listWorkspaces } from "./published.mjs";

/** @typedef {import("./published.mjs").Manifest} Manifest */
/** @typedef {{ packages: Record<string, Manifest> }} Lock */

const semver = /^(\d+)\.(\d+)\.(\d+)(?:-([0-9A-Za-z.-]+))?$/;

/** The version that the generator writes into what it generates. */
const versionFile = "generator/src/pipeline/version.ts";

/**
 * A manifest, or its entry in a lock file, with a new version of itself and of the workspaces it depends on.
 *
 * @template {Pick<Manifest, "version" | "dependencies" | "devDependencies" | "peerDependencies">} M
 * @param {M} manifest
 * @param {string} version
 * @param {readonly string[]} names of all workspaces
 * @returns {M}
 */
export function withVersion(manifest, version, names) {
  const next = { ...manifest, version };
  for (const field of /** @type {const} */ (["dependencies", "devDependencies", "peerDependencies"])) {
    const dependencies = manifest[field];
    if (dependencies === undefined) continue;
    const entries = Object.entries(dependencies);
    next[field] = Object.fromEntries(entries.map(([name, range]) => [name, names.includes(name) ? version : range]));
  }
  return next;
}

/**
 * What keeps a changelog from being released as a version.
 *
 * @param {string} changelog
 * @param {string} version
 * @returns {string[]}
 */
export function checkChangelog(changelog, version) {
  const sections = changelog.split(/^## /m).slice(1);
  const titled = (/** @type {RegExp} */ title) => sections.find((section) => title.test(section));
  const escaped = version.replaceAll(".", "\\.");
  const section = titled(new RegExp(`^${escaped}(?: \\(\\d{4}-\\d{2}-\\d{2}\\))?\n`));
  const problems = [];
  if (titled(/^Unreleased\b/i) !== undefined) {
    problems.push(`CHANGELOG.md has a section "Unreleased": rename it to "${version} (YYYY-MM-DD)".`);
  }
  if (section === undefined) {
    problems.push(`CHANGELOG.md has no section "## ${version} (YYYY-MM-DD)": write what users can do now.`);
  } else if (section.split("\n").slice(1).join("").trim() === "") {
    problems.push(`CHANGELOG.md says nothing in the section "${version}": write what users can do now.`);
  }
  return problems;
}

/**
 * Whether a version is later than another, with the rule of semver for pre-releases.
 *
 * @param {string} version
 * @param {string} current
 */
export function isLater(version, current) {
  const [, ...next] = semver.exec(version) ?? [];
  const [, ...last] = semver.exec(current) ?? [];
  for (const at of [0, 1, 2]) {
    if (Number(next[at]) !== Number(last[at])) return Number(next[at]) > Number(last[at]);
  }
  if (last[3] === undefined) return false;
  return next[3] === undefined || next[3].localeCompare(last[3], "en", { numeric: true }) > 0;
}

/**
 * What is wrong with the versions of a tree that is tagged with a version.
 *
 * @param {string} base
 * @param {string} version
 * @returns {string[]}
 */
export function checkVersions(base, version) {
  const workspaces = listWorkspaces(base);
  const names = workspaces.map(({ manifest }) => manifest.name);
  const lock = /** @type {Lock} */ (readJson(base, "package-lock.json"));
  const differs = (/** @type {Manifest | undefined} */ manifest) =>
    manifest === undefined || JSON.stringify(manifest) !== JSON.stringify(withVersion(manifest, version, names));
  const problems = workspaces.flatMap(({ folder, manifest }) => [
    ...(differs(manifest) ? [`${folder}/package.json is not of ${version} throughout.`] : []),
    ...(differs(lock.packages[folder]) ? [`package-lock.json is not of ${version} throughout for ${folder}.`] : []),
  ]);
  if (!readFileSync(join(base, versionFile), "utf8").includes(`"${version}"`)) {
    problems.push(`${versionFile} is not of ${version}.`);
  }
  return problems;
}

/** @param {string} base @param {string} version */
function writeVersions(base, version) {
  const workspaces = listWorkspaces(base);
  const names = workspaces.map(({ manifest }) => manifest.name);
  const lock = /** @type {Lock} */ (readJson(base, "package-lock.json"));
  for (const { folder, manifest } of workspaces) {
    writeJson(base, `${folder}/package.json`, withVersion(manifest, version, names));
    const entry = lock.packages[folder];
    if (entry !== undefined) lock.packages[folder] = withVersion(entry, version, names);
  }
  writeJson(base, "package-lock.json", lock);
  const text = readFileSync(join(base, versionFile), "utf8");
  writeFileSync(join(base, versionFile), text.replace(/(export const version = ")[^"]*/, `$1${version}`));
}

/** @param {string} base @param {string} file @returns {unknown} */
function readJson(base, file) {
  return JSON.parse(readFileSync(join(base, file), "utf8"));
}

/** @param {string} base @param {string} file @param {unknown} value */
function writeJson(base, file, value) {
  writeFileSync(join(base, file), `${JSON.stringify(value, null, 2)}\n`);
}

/** @param {string} base @param {string} version @param {string} current */
function checkTree(base, version, current) {
  const git = (/** @type {string[]} */ ...args) =>
    execFileSync("git", args, { cwd: base, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  const problems = [];
  // The same version is in order as long as it has no tag: the first release, or one that was prepared before.
  if (isLater(current, version)) problems.push(`${version} is earlier than ${current}, the version of the packages.`);
  if (git("status", "--porcelain") !== "") problems.push("The working tree has changes: commit or stash them.");
  if (git("tag", "--list", `v${version}`) !== "") problems.push(`The tag v${version} exists: choose another version.`);
  return problems;
}

/** @param {string[]} problems */
function endOn(problems) {
  if (problems.length === 0) return;
  for (const problem of problems) console.error(problem);
  process.exit(1);
}

function main() {
  const { values, positionals } = parseArgs({
    options: {
      "dry-run": { type: "boolean", default: false },
      verify: { type: "boolean", default: false },
      "skip-packages": { type: "boolean", default: false },
    },
    allowPositionals: true,
  });
  const version = (positionals[0] ?? "").replace(/^v/, "");
  if (positionals.length !== 1 || !semver.test(version)) {
    console.error("npm run release -- VERSION [--dry-run | --verify] [--skip-packages], such as 1.2.0 or 1.2.0-beta.1");
    process.exit(2);
  }

  const base = process.cwd();
  if (!existsSync(join(base, versionFile))) endOn(["Run the script in the top folder of the repository."]);
  const current = listPublished(base)[0]?.manifest.version ?? "0.0.0";
  const changelog = checkChangelog(readFileSync(join(base, "CHANGELOG.md"), "utf8"), version);
  if (values.verify) {
    endOn([...changelog, ...checkVersions(base, version)]);
    console.log(`v${version}: all packages and the changelog agree.`);
    return;
  }

  endOn([...checkTree(base, version, current), ...changelog]);
  if (!values["dry-run"]) {
    writeVersions(base, version);
    endOn(checkVersions(base, version));
  }
  if (!values["skip-packages"]) {
    for (const script of ["build", "packages"]) execFileSync("npm", ["run", script], { cwd: base, stdio: "inherit" });
  }
  const names = listPublished(base).map(({ manifest }) => manifest.name);
  console.log(`${values["dry-run"] ? "Would release" : "Prepared"} v${version} of ${names.join(", ")}.`);
  console.log(
    values["dry-run"]
      ? `The tag would be v${version}.`
      : `Next: npm run record && git commit -am "chore(release): v${version}" && git tag v${version}, then push both.`,
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main();
