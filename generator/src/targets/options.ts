/** An option of a plugin with few values. */
export interface ChoiceSpec {
  readonly values: readonly string[];
  readonly default: string;
}

/** An option of a plugin that names a file. Its value is what the file holds; empty: none was named. */
export interface FileSpec {
  readonly file: true;
}

/** An option of a plugin with names, `+` between them. */
export interface NamesSpec {
  readonly names: true;
  readonly default: string;
}

export type OptionSpec = ChoiceSpec | FileSpec | NamesSpec;

export type OptionSpecs = { readonly [name: string]: OptionSpec };

/** The values of a set of options. */
export type OptionValues<Specs extends OptionSpecs> = {
  readonly [Name in keyof Specs]: Specs[Name] extends ChoiceSpec ? Specs[Name]["values"][number] : string;
};

/** The values that options have where nobody says otherwise. */
export function defaultsOf<Specs extends OptionSpecs>(specs: Specs): OptionValues<Specs> {
  const entries = Object.entries(specs).map(([name, spec]) => [name, "default" in spec ? spec.default : ""]);
  return Object.fromEntries(entries) as OptionValues<Specs>;
}

/** An option of a plugin that cannot be understood. */
export class OptionError extends Error {
  override readonly name = "OptionError";
}
