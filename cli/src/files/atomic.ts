import { chmod, link, lstat, mkdir, readFile, realpath, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { temporaryBeside } from "./temporary.js";

/** What a write came to: done, or why nothing was written. */
export type WriteResult = "written" | { readonly reason: string; readonly code?: string | undefined };

/**
 * Replaces a file whose bytes are still those that were read: by a temporary file beside it, so that it is never half-written.
 * Keeps its mode. A link stays a link.
 */
export async function replaceFile(path: string, read: Uint8Array, bytes: Uint8Array): Promise<WriteResult> {
  let temporary: string | undefined;
  try {
    const target = await realpath(path);
    const { mode } = await stat(target);
    temporary = temporaryBeside(target);
    await writeFile(temporary, bytes, { flag: "wx" });
    await chmod(temporary, mode);
    if (Buffer.compare(await readFile(target), read) !== 0) {
      await rm(temporary, { force: true });
      return { reason: "the file has changed since it was read: run this again" };
    }
    await rename(temporary, target);
    return "written";
  } catch (error) {
    if (temporary !== undefined) await rm(temporary, { force: true }).catch(() => undefined);
    return describe(error);
  }
}

/** Creates a file with its folder. Never replaces one. */
export async function createFile(path: string, text: string): Promise<WriteResult> {
  let temporary: string | undefined;
  try {
    await mkdir(dirname(path), { recursive: true }).catch((error: NodeJS.ErrnoException) => {
      throw error.code === "EEXIST" ? Object.assign(error, { code: "ENOTDIR" }) : error;
    });
    temporary = temporaryBeside(path);
    await writeFile(temporary, text, { flag: "wx" });
    try {
      // Unlike a rename, a link fails if the file exists.
      await link(temporary, path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EEXIST") throw error;
      // Some file systems have no links: as good as one that fails if the file exists, but for the moment between the two.
      if (await lstat(path).catch(() => undefined)) throw Object.assign(new Error("exists"), { code: "EEXIST" });
      await rename(temporary, path);
    }
    await rm(temporary, { force: true });
    return "written";
  } catch (error) {
    if (temporary !== undefined) await rm(temporary, { force: true }).catch(() => undefined);
    return describe(error);
  }
}

function describe(error: unknown): Exclude<WriteResult, "written"> {
  const { code, message } = error as NodeJS.ErrnoException;
  const known: Readonly<Record<string, string>> = {
    EACCES: "no permission to write in this folder",
    EEXIST: "the file exists by now",
    ENOSPC: "the disk is full: free some space, then run this again",
    EDQUOT: "your quota of the disk is used up: free some space, then run this again",
    EFBIG: "the system allows no larger file: raise the limit, as with ulimit -f, then run this again",
    EROFS: "the file system is read-only",
    ENOTDIR: "a part of its path is a file, where a folder is needed: move that file",
    EPERM: "no permission to write this file",
  };
  return { reason: known[code ?? ""] ?? message, code };
}
