// Removes from dist/ the output of deleted sources: the compiler leaves it there, and it would be packed.
// node scripts/prune-dist.mjs <folder of a package> [<folder> …]
import { existsSync, readdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const compiled = /(?:\.d\.ts|\.js)(?:\.map)?$/;

/** Build output without sources of its own: `scripts/bundle.mjs` writes it, and removes what is old. */
const bundle = /^bundle[/\\]/;

/**
 * The files in dist/ of a package whose sources are gone, from dist/.
 *
 * @param {string} folder
 * @returns {string[]}
 */
export function listStale(folder) {
  const dist = join(folder, "dist");
  if (!existsSync(dist)) return [];
  return readdirSync(dist, { recursive: true, encoding: "utf8" }).filter(
    (file) =>
      compiled.test(file) && !bundle.test(file) && !existsSync(join(folder, "src", file.replace(compiled, ".ts"))),
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folders = process.argv.slice(2);
  for (const folder of folders.length > 0 ? folders : ["."]) {
    for (const file of listStale(resolve(folder))) rmSync(join(folder, "dist", file));
  }
}
