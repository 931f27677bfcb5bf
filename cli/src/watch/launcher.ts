/** How often it is looked whether the launcher is there, in milliseconds. */
const interval = 250;

/**
 * Calls `onGone` if this process runs a script of a package manager and that has ended. npm passes SIGTERM on to the shell which runs
 * the script, and no further. Without a package manager, as with `nohup`, a process may outlive the one that started it.
 * Returns a function that ends the observation.
 */
export function watchLauncher(onGone: () => void): () => void {
  if (process.env["npm_lifecycle_event"] === undefined) return () => {};
  const launcher = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === launcher) return;
    clearInterval(timer);
    onGone();
  }, interval);
  timer.unref();
  return () => clearInterval(timer);
}
