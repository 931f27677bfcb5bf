import type { Terminal } from "./terminal/index.js";

/**
 * Runs `potter <argv>` in the current folder. Resolves to the exit code: 0 success, 1 failure, 2 invalid command line.
 * Errors are printed to standard error and never thrown.
 */
export async function runCli(argv: readonly string[], terminal?: Terminal): Promise<number> {
  // `potter --help` imports this package only for the list of groups.
  const { runCommandLine } = await import("./run-cli.js");
  return runCommandLine(argv, terminal);
}
