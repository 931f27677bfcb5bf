import { chmodSync, linkSync, mkdirSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { attempt } from "./attempt.js";

/**
 * Writes a file of the user, so that it is never half-written: by a temporary file beside it. Keeps its mode; a link stays a link. Throws
 * a CliError that names a file which cannot be written.
 */
export function replaceWhole(path: string, text: string): void {
  attempt("write", path, () => {
    const old = statSync(path, { throwIfNoEntry: false });
    const target = old === undefined ? path : realpathSync(path);
    writeBeside(target, text, old?.mode, (temporary) => renameSync(temporary, target));
  });
}

/**
 * Creates a file and its folder, so that it is there as a whole or not at all. Returns whether it was created: one that exists stays as
 * it is. Throws a CliError that names a file or a folder which cannot be created.
 */
export function createWhole(path: string, text: string): boolean {
  attempt("create", dirname(path), () => mkdirSync(dirname(path), { recursive: true }));
  let isCreated = true;
  attempt("write", path, () => {
    if (statSync(path, { throwIfNoEntry: false }) !== undefined) isCreated = false;
    else writeBeside(path, text, undefined, (temporary) => (isCreated = moveIfFree(temporary, path)));
  });
  return isCreated;
}

function writeBeside(path: string, text: string, mode: number | undefined, move: (temporary: string) => void): void {
  const temporary = join(dirname(path), `.${basename(path)}.potter-tmp`);
  try {
    writeFileSync(temporary, text);
    if (mode !== undefined) chmodSync(temporary, mode);
    move(temporary);
  } finally {
    rmSync(temporary, { force: true });
  }
}

/** Unlike a rename, a link replaces nothing. */
function moveIfFree(temporary: string, path: string): boolean {
  try {
    linkSync(temporary, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    // Some file systems have no links.
    renameSync(temporary, path);
  }
  return true;
}
