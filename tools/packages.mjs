// Checks every package that is published as npm would pack it: publint, arethetypeswrong for ES modules, and a dry run
// of `npm publish`. It needs a build and no network: npm run packages
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { installPackage } from "../scripts/install-package.mjs";
import { listPublished, root } from "../scripts/published.mjs";

installPackage("tools");
const { publint } = await import("publint");
const { formatMessage } = await import("publint/utils");
const { checkPackage, createPackageFromTarballData } = await import("@arethetypeswrong/core");
const { filterProblems } = await import("@arethetypeswrong/core/problems");

const packages = listPublished();
const workspaces = packages.flatMap(({ folder }) => ["--workspace", folder]);
const packed = mkdtempSync(join(tmpdir(), "potter-packages-"));
try {
  /** @type {{ name: string, filename: string }[]} */
  const tarballs = Object.values(JSON.parse(npm("pack", "--json", "--pack-destination", packed)));
  for (const { manifest } of packages) {
    const file = tarballs.find(({ name }) => name === manifest.name)?.filename;
    if (file === undefined) throw new Error(`npm packed no ${manifest.name}.`);
    const tarball = readFileSync(join(packed, file));
    report(`${manifest.name}, ${(tarball.byteLength / 1000).toFixed(0)} kB`, [
      ...(await lint(tarball)),
      ...(await checkTypes(tarball)),
    ]);
  }
} finally {
  rmSync(packed, { recursive: true, force: true });
}
const published = Object.keys(JSON.parse(npm("publish", "--dry-run", "--json", "--access", "public")));
const lacking = packages.map(({ manifest }) => manifest.name).filter((name) => !published.includes(name));
report(
  "npm publish --dry-run",
  lacking.map((name) => `does not publish ${name}`),
);

/** @param {string} subject @param {string[]} problems */
function report(subject, problems) {
  process.stdout.write(`${subject}: ${problems.length === 0 ? "no problem" : "problems:"}\n`);
  for (const problem of problems) process.stdout.write(`  ${problem}\n`);
  if (problems.length > 0) process.exitCode = 1;
}

/**
 * Runs npm on all packages that are published; its error output says what is wrong.
 *
 * @param {string[]} args
 */
function npm(...args) {
  return execFileSync("npm", [...args, ...workspaces, "--ignore-scripts", "--offline", "--loglevel=error"], {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 1 << 26,
    stdio: ["ignore", "pipe", "inherit"],
  });
}

/** @param {Buffer} tarball */
async function lint(tarball) {
  const bytes = tarball.buffer.slice(tarball.byteOffset, tarball.byteOffset + tarball.byteLength);
  const { messages, pkg } = await publint({ strict: true, pack: { tarball: bytes } });
  return messages.map((message) => `publint: ${formatMessage(message, pkg, { color: false })}`);
}

/**
 * The profile "esm-only": `require` and the module resolution of Node 10 are ignored.
 *
 * @param {Buffer} tarball
 */
async function checkTypes(tarball) {
  const analysis = await checkPackage(createPackageFromTarballData(new Uint8Array(tarball)));
  // A plugin is only a command: it has no types.
  if (analysis.types === false) return [];
  const found = ["node16-esm", "bundler"].flatMap((resolutionKind) => filterProblems(analysis, { resolutionKind }));
  return [...new Set(found)].map((problem) => `arethetypeswrong: ${JSON.stringify(problem)}`);
}
