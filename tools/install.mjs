// Installs the tools of this folder if node_modules is older than the lock file.
import { spawnSync } from "node:child_process";
import { statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL(".", import.meta.url));

export function install() {
  if (isInstalled()) return;
  process.stderr.write("Installing the tools that check packages …\n");
  const { status } = spawnSync("npm", ["ci", "--ignore-scripts", "--loglevel=error"], {
    cwd: folder,
    stdio: ["ignore", "inherit", "inherit"],
  });
  if (status !== 0) process.exit(status ?? 1);
}

function isInstalled() {
  const changed = (/** @type {string} */ file) => statSync(join(folder, file), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return changed("node_modules/.package-lock.json") >= changed("package-lock.json");
}
