import { type SpawnSyncReturns, spawnSync } from "node:child_process";

/**
 * What git sets for a hook, and `git rebase --exec` for a command. With it, git takes the current folder for the root of the
 * repository, wherever it is.
 */
const ofHooks = ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR", "GIT_PREFIX"];

/**
 * Runs git in a folder, with the repository in which the folder is, and messages in English. `error` of the result: git cannot be
 * started.
 */
export function runGit(args: readonly string[], folder: string, input?: string): SpawnSyncReturns<Buffer> {
  const env: NodeJS.ProcessEnv = { ...process.env, LC_ALL: "C" };
  for (const name of ofHooks) delete env[name];
  return spawnSync("git", args, { cwd: folder, env, input, maxBuffer: 1 << 30, windowsHide: true });
}
