import type { Option, Options } from "./option.js";

type CamelCase<Name extends string> = Name extends `${infer First}-${infer Rest}`
  ? `${First}${Capitalize<CamelCase<Rest>>}`
  : Name;

/** What holds without an option: its default, or nothing. */
type Absent<O> = O extends { readonly default: string } ? never : undefined;

type ValueOf<O extends Option> = O extends { readonly kind: "flag" }
  ? boolean
  : O extends { readonly kind: "toggle" }
    ? boolean | undefined
    : O extends { readonly kind: "text"; readonly many: true }
      ? readonly string[]
      : O extends { readonly kind: "text" }
        ? string | Absent<O>
        : O extends { readonly kind: "choice"; readonly choices: readonly (infer Value)[] }
          ? Value | Absent<O>
          : O extends { readonly kind: "list"; readonly choices: readonly (infer Value)[] }
            ? readonly Value[] | undefined
            : never;

/** The values of options by their names in camel case: `dryRun` of `--dry-run`. */
export type Values<O extends Options> = {
  readonly [Name in keyof O & string as CamelCase<Name>]: ValueOf<O[Name]>;
};
