/** A plugin option with a fixed set of values. */
export interface ChoiceSpec {
  /** The values that it may have. */
  readonly values: readonly string[];
  /** The value if the option is omitted. */
  readonly default: string;
}

/** A plugin option with some of a fixed set of values, joined by `+`. */
export interface CombinationSpec {
  /** The values of which it may have one or more. */
  readonly anyOf: readonly string[];
  /** The value if the option is omitted. */
  readonly default: string;
}

/** A plugin option that names a file. Its value is the text of the file; empty: no file. */
export interface FileSpec {
  /** Distinguishes options that name a file. */
  readonly file: true;
  /** The command that writes the file, named if it does not exist. Default: users write it. */
  readonly writtenBy?: string;
}

/** A plugin option with a list of names, joined by `+`. */
export interface NamesSpec {
  /** Distinguishes options with a list of names. */
  readonly names: true;
  /** The value if the option is omitted. */
  readonly default: string;
}

/** A plugin option: its values, or that it names a file. */
export type OptionSpec = ChoiceSpec | CombinationSpec | FileSpec | NamesSpec;

/** The plugin options of a target, by name. */
export type OptionSpecs = { readonly [name: string]: OptionSpec };

/** The values of a set of options, by name. */
export type OptionValues<Specs extends OptionSpecs> = {
  readonly [Name in keyof Specs]: Specs[Name] extends ChoiceSpec ? Specs[Name]["values"][number] : string;
};

/** Returns the default values of a set of options. */
export function defaultsOf<Specs extends OptionSpecs>(specs: Specs): OptionValues<Specs> {
  const entries = Object.entries(specs).map(([name, spec]) => [name, "default" in spec ? spec.default : ""]);
  return Object.fromEntries(entries) as OptionValues<Specs>;
}

/** A plugin option is unknown or has an invalid value. */
export class OptionError extends Error {
  /** Marks the error in messages and stack traces. */
  override readonly name = "OptionError";
}
