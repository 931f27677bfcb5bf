import { CliError } from "../cli-error.js";

/** Changes a file. Throws a CliError that names it, says what is wrong, and what to do. */
export function attempt(verb: "write" | "delete" | "create", path: string, act: () => void): void {
  try {
    act();
  } catch (error) {
    const { code = "", message } = error as NodeJS.ErrnoException;
    throw new CliError(`cannot ${verb} ${path}: ${remedies[code] ?? message}`);
  }
}

const remedies: Readonly<Record<string, string>> = {
  EACCES: "permission denied: give your user write access to the folder",
  EPERM: "not permitted: close programs that have the file open, and check its permissions",
  EROFS: "the file system is read-only: use a folder on another one",
  ENOSPC: "the disk is full: free some space, then run this again",
  EDQUOT: "your quota of the disk is used up: free some space, then run this again",
  EFBIG: "the system allows no larger file: raise the limit, as with ulimit -f, then run this again",
  ENOTDIR: "a part of its path is a file, where a folder is needed: move that file",
  EEXIST: "a part of its path is a file, where a folder is needed: move that file",
  EISDIR: "a folder has this name: move that folder",
  ENOTEMPTY: "a folder has this name: move that folder",
};
