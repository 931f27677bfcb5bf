import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

/** Returns a function that says whether git is changing the work tree around a folder. Outside of one it never is. */
export function createGitLock(folder: string): () => boolean {
  const git = findGit(folder);
  return () => git !== undefined && existsSync(join(git, "index.lock"));
}

function findGit(folder: string): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    const path = join(at, ".git");
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats?.isDirectory()) return path;
    // In a second work tree, and in a submodule, it is a file that names the folder.
    if (stats?.isFile()) return resolve(at, /^gitdir: (.*)$/m.exec(readFileSync(path, "utf8"))?.[1] ?? ".");
    if (dirname(at) === at) return undefined;
  }
}
