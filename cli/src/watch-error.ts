import { CliError } from "./cli-error.js";

/** Explains why files cannot be watched, with a remedy. */
export function explainWatchError(error: unknown): CliError {
  const { code, message = String(error) } = error as NodeJS.ErrnoException;
  if (code === "ENOSPC") {
    return new CliError(
      "cannot watch so many files: the limit of inotify, fs.inotify.max_user_watches, is reached. Raise it " +
        "(sudo sysctl fs.inotify.max_user_watches=524288), or run potter watch --poll",
    );
  }
  if (code === "EMFILE") {
    return new CliError(
      "cannot watch so many files: too many are open. Raise fs.inotify.max_user_instances or ulimit -n, or run potter watch --poll",
    );
  }
  return new CliError(`cannot watch the files of the project: ${message}; potter watch --poll may help`);
}
