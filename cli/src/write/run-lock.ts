import { createHash } from "node:crypto";
import { readFileSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { CliError } from "../cli-error.js";

/** How long a run waits for another one in the same folder before it says so and ends: the other one hangs. */
const patience = 120_000;

/**
 * Runs work that writes into a project while no other process does. A second run waits, and reports that; the lock of a process that
 * no longer exists does not count.
 */
export async function withRunLock<T>(
  folder: string,
  report: (text: string) => void,
  work: () => Promise<T>,
): Promise<T> {
  const path = pathOf(folder);
  const content = `${process.pid}\n`;
  await take(path, content, folder, report);
  try {
    return await work();
  } finally {
    if (readOwner(path) === process.pid) rmSync(path, { force: true });
  }
}

/** A run that has the lock of a project now. */
export interface RunningWriter {
  readonly pid: number;
  /** How long it has had the lock. */
  readonly milliseconds: number;
  /** The file of the lock. */
  readonly path: string;
}

/** The run that is writing into a project now. undefined: there is none. */
export function findRunning(folder: string): RunningWriter | undefined {
  const path = pathOf(folder);
  const pid = readOwner(path);
  const stats = statSync(path, { throwIfNoEntry: false });
  if (pid === undefined || stats === undefined || !isRunning(pid)) return undefined;
  return { pid, milliseconds: Math.max(0, Date.now() - stats.mtimeMs), path };
}

/** Not in the project: it would be a file of its own there, and the folder may be read-only. */
function pathOf(folder: string): string {
  const name = createHash("sha256").update(realpathSync(folder)).digest("hex").slice(0, 24);
  return join(tmpdir(), `potter-${name}.lock`);
}

async function take(path: string, content: string, folder: string, report: (text: string) => void): Promise<void> {
  const start = Date.now();
  let isReported = false;
  while (!create(path, content)) {
    const owner = readOwner(path);
    if (owner === undefined ? isOld(path) : !isRunning(owner)) {
      breakLock(path, owner);
      continue;
    }
    if (!isReported)
      report(`waiting for another run of potter in ${folder}${owner === undefined ? "" : `, process ${owner}`}`);
    isReported = true;
    if (Date.now() - start > patience) {
      throw new CliError(
        `another run of potter${owner === undefined ? "" : `, process ${owner},`} has been writing in ${folder} for two minutes: ` +
          `end it, or delete ${path} if there is none`,
      );
    }
    await wait(50);
  }
}

function create(path: string, content: string): boolean {
  try {
    writeFileSync(path, content, { flag: "wx" });
    return true;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "EEXIST") return false;
    throw new CliError(
      `cannot write ${path}, which keeps two runs apart: ${message}; set TMPDIR to a folder that can be written`,
    );
  }
}

/** The process that has a lock; undefined: it is just being written, or gone. */
function readOwner(path: string): number | undefined {
  try {
    const owner = Number.parseInt(readFileSync(path, "utf8"), 10);
    return Number.isInteger(owner) && owner > 0 ? owner : undefined;
  } catch {
    return undefined;
  }
}

/** A process that died between the creation of its lock and the first byte leaves an empty file. */
function isOld(path: string): boolean {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats !== undefined && Date.now() - stats.mtimeMs > 10_000;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Removes the lock of a process that has ended. If another run has taken it meanwhile, that one keeps it. */
function breakLock(path: string, owner: number | undefined): void {
  const aside = `${path}.${process.pid}`;
  try {
    renameSync(path, aside);
  } catch {
    return;
  }
  const found = readOwner(aside);
  if (found !== owner && found !== undefined && isRunning(found)) create(path, `${found}\n`);
  rmSync(aside, { force: true });
}
