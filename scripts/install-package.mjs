// Installs a package that is no workspace, such as bench/ or interop/, when its lock file changed since the last installation.
//
//   node scripts/install-package.mjs bench interop
import { spawnSync } from "node:child_process";
import { readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

/**
 * Installs the package in a folder of the repository, or waits for a process that does. Exits with npm's status when that
 * fails.
 *
 * @param {string} name
 */
export function installPackage(name) {
  const folder = join(root, name);
  if (isInstalled(folder)) return;
  const lock = join(folder, ".installing");
  while (!take(lock)) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
  try {
    if (!isInstalled(folder)) install(name, folder);
  } finally {
    rmSync(lock, { force: true });
  }
}

/** @param {string} name @param {string} folder */
function install(name, folder) {
  process.stderr.write(`Installing the packages of ${name}/ …\n`);
  const { status } = spawnSync("npm", ["ci", "--ignore-scripts", "--loglevel=error"], {
    cwd: folder,
    stdio: ["ignore", "inherit", "inherit"],
  });
  if (status === 0) return;
  rmSync(join(folder, ".installing"), { force: true });
  process.exit(status ?? 1);
}

/** Takes the lock of an installation, also from a process that has died. false: another process holds it. @param {string} lock */
function take(lock) {
  try {
    writeFileSync(lock, String(process.pid), { flag: "wx" });
    return true;
  } catch {
    if (!isHeld(lock)) rmSync(lock, { force: true });
    return false;
  }
}

/** @param {string} lock */
function isHeld(lock) {
  try {
    const pid = Number(readFileSync(lock, "utf8"));
    // Empty for a moment, before its process has written its number.
    if (pid > 0) process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Whether the last installation is newer than the lock file. @param {string} folder */
function isInstalled(folder) {
  const time = (/** @type {string} */ file) => statSync(join(folder, file), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return time("node_modules/.package-lock.json") >= time("package-lock.json");
}

if (process.argv[1] === fileURLToPath(import.meta.url)) for (const name of process.argv.slice(2)) installPackage(name);
