/** A term and its explanation, such as a command and its summary. */
export interface HelpEntry {
  readonly name: string;
  readonly summary: string;
}

/** What `potter <command> --help` prints. */
export interface CommandHelp {
  /** How to type the command: `potter lock [input] [options]`. */
  readonly usage: string;
  /** What it does, in a few sentences. */
  readonly purpose: string;
  /** Its own options; `--cwd` and `--help` are added. */
  readonly options: readonly HelpEntry[];
  /** Command lines that people can copy, with what they do. */
  readonly examples?: readonly HelpEntry[];
}

/** What the module of a command exports. */
export interface CommandModule {
  readonly help: CommandHelp;
  /**
   * Runs the command with the arguments that follow its name, without `--help` and `--cwd`. Resolves to the exit code: 0 success,
   * 1 failure. Throws a CliError for an invalid command line.
   */
  run(argv: readonly string[], folder: string): Promise<number>;
}

/** A command of this package. */
export interface Command extends HelpEntry {
  /** Loads its module: what only one command needs is loaded by that command. */
  load(): Promise<CommandModule>;
}
