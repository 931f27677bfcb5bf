// Installs a package that is no workspace, such as bench/ or interop/, when its lock file changed since the last installation.
//
//   node scripts/install-package.mjs bench interop
import { spawnSync } from "node:child_process";
import { statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

/**
 * Installs the package in a folder of the repository. Exits with npm's status when that fails.
 *
 * @param {string} name
 */
export function installPackage(name) {
  const folder = join(root, name);
  if (isInstalled(folder)) return;
  process.stderr.write(`Installing the packages of ${name}/ …\n`);
  const { status } = spawnSync("npm", ["ci", "--ignore-scripts", "--loglevel=error"], {
    cwd: folder,
    stdio: ["ignore", "inherit", "inherit"],
  });
  if (status !== 0) process.exit(status ?? 1);
}

/** Whether the last installation is newer than the lock file. @param {string} folder */
function isInstalled(folder) {
  const time = (/** @type {string} */ file) => statSync(join(folder, file), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return time("node_modules/.package-lock.json") >= time("package-lock.json");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) for (const name of process.argv.slice(2)) installPackage(name);
