import type { Terminal } from "./terminal.js";

/** Creates the terminal of this process. The first Ctrl-C stops the command gracefully, a second one kills the process. */
export function processTerminal(): Terminal {
  const stop = new AbortController();
  const { stdin, stdout, stderr } = process;
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
      stop.abort();
      // The listener is gone, so the next signal has its default effect.
    });
  }
  // The reader of the pipe has exited, as in `potter events export | head`.
  stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    stop.abort();
  });
  return {
    async write(text) {
      if (stop.signal.aborted && stdout.errored !== null) return;
      if (stdout.write(text)) return;
      await new Promise<void>((resolve) => {
        const done = () => {
          stdout.off("drain", done).off("close", done);
          stop.signal.removeEventListener("abort", done);
          resolve();
        };
        stdout.once("drain", done).once("close", done);
        stop.signal.addEventListener("abort", done);
      });
    },
    log(text) {
      stderr.write(text);
    },
    input: () => stdin,
    interactive: stderr.isTTY === true,
    columns: stderr.columns ?? 80,
    folder: process.cwd(),
    signal: stop.signal,
  };
}
