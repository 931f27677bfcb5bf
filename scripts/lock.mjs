// Completes package-lock.json after `npm install`. Tools such as biome and buf bring their binary in one optional package
// for each platform. npm omits from the lock what the current registry does not offer, and `npm ci` then
// refuses the lock, everywhere. An added entry has only what the dependent package declares: a version and, from
// the name, the platform, so that npm skips it elsewhere.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** @typedef {{ version?: string, dev?: boolean, optional?: boolean, os?: string[], cpu?: string[], libc?: string[], optionalDependencies?: Record<string, string> }} Entry */
/** @typedef {{ packages: Record<string, Entry> }} Lock */

/**
 * The optional packages that a lock names and does not hold. A package outside of the folder is linked, and belongs to another
 * lock.
 *
 * @param {Lock} lock
 * @returns {{ path: string, entry: Entry }[]}
 */
export function findMissing(lock) {
  return Object.entries(lock.packages)
    .filter(([path]) => !path.startsWith("../"))
    .flatMap(([, parent]) =>
      Object.entries(parent.optionalDependencies ?? {})
        .map(([name, version]) => ({
          path: `node_modules/${name}`,
          entry: platformEntry(name, version, parent.dev === true),
        }))
        .filter(({ path }) => lock.packages[path] === undefined),
    );
}

/** @param {string} name @param {string} version @param {boolean} dev @returns {Entry} */
function platformEntry(name, version, dev) {
  const match =
    /(aix|android|darwin|freebsd|linux|netbsd|openbsd|openharmony|sunos|win32)-?([a-z0-9]+)?(?:-(musl|gnu))?/.exec(
      name,
    );
  const [, os, cpu, libc] = match ?? [];
  return {
    version,
    ...(cpu && { cpu: [{ aarch64: "arm64", armv7: "arm" }[cpu] ?? cpu] }),
    ...(dev && { dev }),
    ...(libc && { libc: [libc === "gnu" ? "glibc" : libc] }),
    optional: true,
    ...(os && { os: [os] }),
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const file of process.argv.slice(2)) {
    const lock = /** @type {Lock} */ (JSON.parse(readFileSync(file, "utf8")));
    for (const { path, entry } of findMissing(lock)) lock.packages[path] = entry;
    // In npm's order, so that npm does not rewrite the file.
    const entries = Object.entries(lock.packages).sort(([a], [b]) => a.localeCompare(b, "en"));
    lock.packages = Object.fromEntries(entries);
    writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
  }
}
