import type { CommandHelp, HelpEntry } from "./arguments/index.js";

/** What the module of a command exports. */
export interface CommandModule {
  readonly help: CommandHelp;
  /**
   * Runs the command with the arguments that follow its name, without `--help` and `--cwd`. Resolves to the exit code: 0 success,
   * 1 failure. Throws a CliError for an invalid command line. `commands` are all of this package.
   */
  run(argv: readonly string[], folder: string, commands: readonly Command[]): Promise<number>;
}

/** A command of this package. */
export interface Command extends HelpEntry {
  /** Loads its module: what only one command needs is loaded by that command. */
  load(): Promise<CommandModule>;
}
