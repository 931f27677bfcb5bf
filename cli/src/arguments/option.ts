/** An option that is present or not. */
export interface FlagOption {
  readonly kind: "flag";
  readonly summary: string;
  /** Its short form, one letter. */
  readonly short?: string;
}

/** An option that can also be switched off by `--no-<name>`. */
export interface ToggleOption {
  readonly kind: "toggle";
  /** What `--no-<name>` does. */
  readonly off: string;
  /** What `--<name>` does, if it is not what happens without the option. */
  readonly on?: string;
}

/** An option with a text. */
export interface TextOption {
  readonly kind: "text";
  /** What the help shows in its place: `<file>`. */
  readonly value: string;
  readonly summary: string;
  readonly default?: string;
  /** What applies without it, in words, if there is no default. */
  readonly otherwise?: string;
  /** Whether it can be repeated. */
  readonly many?: true;
  /** What a shell offers. */
  readonly completes?: "file" | "folder";
}

/** An option with one of some values. */
export interface ChoiceOption {
  readonly kind: "choice";
  readonly value: string;
  readonly summary: string;
  readonly choices: readonly string[];
  readonly default?: string;
  readonly otherwise?: string;
}

/** An option with some of some values, separated by commas. */
export interface ListOption {
  readonly kind: "list";
  readonly value: string;
  readonly summary: string;
  readonly choices: readonly string[];
  readonly otherwise?: string;
}

/** An option of a command. */
export type Option = FlagOption | ToggleOption | TextOption | ChoiceOption | ListOption;

/** The options of a command by their names, without hyphens in front. */
export type Options = Readonly<Record<string, Option>>;

/** What may be given to a command besides options. */
export interface Words {
  /** How many at most; undefined: any number. */
  readonly most?: number;
  /** All values that are valid, if they are few: a shell offers them. */
  readonly list?: () => readonly string[];
  /** What a shell offers. */
  readonly completes?: "file" | "folder";
}

/** A term and its explanation, such as a command and its summary. */
export interface HelpEntry {
  readonly name: string;
  readonly summary: string;
}

/** What a command accepts, and what `potter <command> --help` prints. */
export interface CommandHelp<O extends Options = Options> {
  /** How to type the command: `potter lock [input] [options]`. */
  readonly usage: string;
  /** What it does, in a few sentences. */
  readonly purpose: string;
  /** Its own options; `--cwd` and `--help` are added. */
  readonly options: O;
  /** undefined: only options are accepted. */
  readonly words?: Words;
  /** Command lines that people can copy, with what they do. */
  readonly examples: readonly HelpEntry[];
}

/** Describes a command. The types of its values follow from the descriptions of its options. */
export function defineHelp<const O extends Options>(help: CommandHelp<O>): CommandHelp<O> {
  return help;
}
