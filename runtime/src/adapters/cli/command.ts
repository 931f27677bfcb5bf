import type { OptionSpecs, Options } from "./options.js";
import type { Target } from "./target.js";
import type { Terminal } from "./terminal/index.js";

/** What a command receives to do its work. */
export interface Invocation {
  readonly options: Options;
  readonly terminal: Terminal;
  /** The app or the store that the command operates on. The first call loads its module. */
  target(): Promise<Target>;
}

/** One command, such as `events tail`. */
export interface Command {
  /** Group and verb: `events tail`. */
  readonly name: string;
  /** What it does, in one or two sentences. */
  readonly summary: string;
  /** Operands, as the usage line shows them: `<stream>`. Default: none. */
  readonly operands?: string;
  /** Minimum and maximum number of operands. Default: none. */
  readonly arity?: readonly [number, number];
  readonly options: OptionSpecs;
  /** Complete command lines, shown below the help. */
  readonly examples?: readonly string[];
  run(invocation: Invocation): Promise<void>;
}
