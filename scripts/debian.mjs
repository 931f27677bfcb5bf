// Debian packages that tests need, installed if this process has the permission.
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";

/** Installs a package. Throws an error that names what is missing if that is not possible. */
export function installFromDebian(name, path) {
  if (process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) {
    throw new Error(`there is no ${path}, and only root with apt-get can install it`);
  }
  const options = { stdio: ["ignore", "ignore", "pipe"], env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } };
  execFileSync("apt-get", ["update"], options);
  execFileSync("apt-get", ["install", "-y", "--no-install-recommends", name], options);
}
