import type { OptionSpecs, Options } from "./options.js";
import type { Target } from "./target.js";
import type { Terminal } from "./terminal.js";

/** What a command is given to do its work. */
export interface Invocation {
  readonly options: Options;
  readonly terminal: Terminal;
  /** The app or the store that the command is about; loaded when it is asked for. */
  target(): Promise<Target>;
}

/** One command, such as `events tail`. */
export interface Command {
  /** Both words: `events tail`. */
  readonly name: string;
  /** What it does, in one line. */
  readonly summary: string;
  /** Operands, as the usage line has them: `<stream>`. Default: none. */
  readonly operands?: string;
  /** Fewest and most operands. Default: none. */
  readonly arity?: readonly [number, number];
  readonly options: OptionSpecs;
  /** Commands to copy, shown below the help. */
  readonly examples?: readonly string[];
  run(invocation: Invocation): Promise<void>;
}
