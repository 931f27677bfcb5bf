// Installs the tools of the interop tests when node_modules differs from the lock file.
import { spawnSync } from "node:child_process";
import { statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL(".", import.meta.url));

export function install() {
  if (isInstalled()) return;
  process.stderr.write("Installing the tools of the interop tests …\n");
  const { status } = spawnSync("npm", ["ci", "--ignore-scripts", "--loglevel=error"], {
    cwd: folder,
    stdio: ["ignore", "inherit", "inherit"],
  });
  if (status !== 0) process.exit(status ?? 1);
}

function isInstalled() {
  const time = (file) => statSync(join(folder, file), { throwIfNoEntry: false })?.mtimeMs;
  return (time("node_modules/.package-lock.json") ?? 0) >= (time("package-lock.json") ?? 0);
}
