import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { PotterError } from "../../errors/index.js";

const held = new Set<string>();

/** Maximum number of checks while another process is taking the lock at the same time. */
const mostTries = 50;

/**
 * Locks a folder for this process, since two processes would corrupt the database. The lock is a file next to the
 * folder with the process id, `<folder>.lock.4711`. Each process creates its file before it looks for others, so of two
 * concurrent processes at least one sees the other. Returns the function that releases the lock.
 */
export function lockFolder(folder: string): () => void {
  const path = resolve(folder);
  if (held.has(path)) throw inUse(folder, "this process");
  const own = fileOf(path, process.pid);
  for (let tries = 1; ; tries++) {
    createFile(own);
    const others = findOthers(path);
    if (others.length === 0) break;
    rmSync(own, { force: true });
    const owner = others.find((pid) => !isWanting(fileOf(path, pid))) ?? (tries === mostTries ? others[0] : undefined);
    if (owner !== undefined) {
      throw inUse(folder, `process ${owner}; if that is not so, delete ${fileOf(path, owner)}`);
    }
    pause(Math.random() * 20);
  }
  writeFileSync(own, having);
  held.add(path);
  return () => {
    if (held.delete(path)) rmSync(own, { force: true });
  };
}

function createFile(own: string): void {
  try {
    mkdirSync(dirname(own), { recursive: true });
    writeFileSync(own, wanting);
  } catch (cause) {
    const message = `cannot create ${own}, which locks the database: this process must be able to write ${dirname(own)}`;
    throw new PotterError("failed_precondition", message, { cause, confidential: true });
  }
}

/** The contents of the file while a process checks for other processes, and after it found none. */
const wanting = "wants it\n";
const having = "has it\n";

function fileOf(path: string, pid: number): string {
  return `${path}.lock.${pid}`;
}

/** The processes that want the folder or have it. What killed ones left is cleared away; a file of this process is from one before it. */
function findOthers(path: string): readonly number[] {
  const prefix = `${basename(path)}.lock.`;
  return readdirSync(dirname(path)).flatMap((name) => {
    const pid = name.startsWith(prefix) ? Number(name.slice(prefix.length)) : Number.NaN;
    if (!Number.isInteger(pid) || pid <= 0 || pid === process.pid) return [];
    if (isAlive(pid)) return [pid];
    rmSync(join(dirname(path), name), { force: true });
    return [];
  });
}

/** One whose file has gone has given up. */
function isWanting(file: string): boolean {
  try {
    return readFileSync(file, "utf8") === wanting;
  } catch {
    return true;
  }
}

function inUse(folder: string, by: string): PotterError {
  return new PotterError("failed_precondition", `the database in ${folder} is in use by ${by}`);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function pause(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
