/**
 * Lets a command finish its work when nobody reads what it prints any more, as in `potter generate | head`. Without this, Node ends the
 * process in the middle of it, with a stack.
 */
export function ignoreClosedOutput(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
    });
  }
}
