import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { PotterError } from "../../errors/index.js";

const held = new Set<string>();

/**
 * Takes a folder for this process, since two at once would destroy the database in it. Beside the folder, as
 * `<folder>.lock`, so that the folder holds the database and nothing else. Returns the function that gives it back.
 */
export function lockFolder(folder: string): () => void {
  const path = resolve(folder);
  const file = `${path}.lock`;
  if (held.has(path)) throw inUse(folder, "this process");
  mkdirSync(dirname(path), { recursive: true });
  for (;;) {
    try {
      const handle = openSync(file, "wx");
      writeSync(handle, String(process.pid));
      closeSync(handle);
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      const owner = readOwner(file);
      if (owner !== process.pid && isAlive(owner))
        throw inUse(folder, `process ${owner}; if that is not so, delete ${file}`);
      // Left by a process that was killed.
      rmSync(file, { force: true });
    }
  }
  held.add(path);
  return () => {
    if (held.delete(path)) rmSync(file, { force: true });
  };
}

function inUse(folder: string, by: string): PotterError {
  return new PotterError("failed_precondition", `the database in ${folder} is in use by ${by}`);
}

function readOwner(file: string): number {
  try {
    return Number(readFileSync(file, "utf8"));
  } catch {
    return 0;
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
