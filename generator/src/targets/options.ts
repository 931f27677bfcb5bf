/** An option of a plugin: the values it can have. */
export interface OptionSpec {
  readonly values: readonly string[];
  readonly default: string;
}

export type OptionSpecs = { readonly [name: string]: OptionSpec };

/** The values of a set of options. */
export type OptionValues<Specs extends OptionSpecs> = { readonly [Name in keyof Specs]: Specs[Name]["values"][number] };
