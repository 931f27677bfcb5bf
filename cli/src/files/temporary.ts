import { basename, dirname, join } from "node:path";

/** The path of a temporary file beside a file, which becomes that file by a rename. */
export function temporaryBeside(path: string): string {
  const random = Math.random().toString(36).slice(2, 10);
  return join(dirname(path), `.${basename(path)}.potter-${process.pid}-${random}.tmp`);
}

/** Whether a name is that of a temporary file whose process has ended. */
export function isLeftover(name: string): boolean {
  const pid = /^\..+\.potter-(\d+)-[a-z0-9]*\.tmp$/.exec(name)?.[1];
  if (pid === undefined) return false;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "EPERM";
  }
}
