import type { HelpEntry, Option, Options } from "./option.js";

/** One way to type an option. */
export interface TypedFlag {
  /** With its hyphens: `--no-scaffold`, `-y`. */
  readonly text: string;
  readonly name: string;
  readonly summary: string;
  /** undefined: it takes no value. */
  readonly option: Option | undefined;
}

/** All ways to type the options of a command. */
export function listFlags(options: Options): readonly TypedFlag[] {
  return Object.entries(options).flatMap(([name, option]): readonly TypedFlag[] => {
    const flag = { text: `--${name}`, name, option: undefined };
    if (option.kind === "toggle") {
      const off = { ...flag, text: `--no-${name}`, summary: option.off };
      return option.on === undefined ? [off] : [off, { ...flag, summary: option.on }];
    }
    const summary = summaryOf(option);
    if (option.kind !== "flag") return [{ ...flag, summary, option }];
    const short = option.short === undefined ? [] : [{ ...flag, text: `-${option.short}`, summary }];
    return [...short, { ...flag, summary }];
  });
}

/** The options of a command as its help lists them. */
export function listEntries(options: Options): readonly HelpEntry[] {
  return Object.entries(options).flatMap(([name, option]) => {
    if (option.kind === "toggle")
      return listFlags({ [name]: option }).map(({ text, summary }) => ({ name: text, summary }));
    const flags = listFlags({ [name]: option }).map(({ text }) => text);
    const value = option.kind === "flag" ? "" : ` ${option.value}`;
    return [{ name: `${flags.join(", ")}${value}`, summary: summaryOf(option) }];
  });
}

/** What an option does, with its values and its default. */
function summaryOf(option: Exclude<Option, { readonly kind: "toggle" }>): string {
  if (option.kind === "flag") return option.summary;
  const values = "choices" in option ? `: ${option.choices.join(", ")}` : "";
  const otherwise = ("default" in option ? option.default : undefined) ?? option.otherwise;
  const many = "many" in option ? "; can be repeated" : "";
  return `${option.summary}${values}${many}${otherwise === undefined ? "" : `; default: ${otherwise}`}`;
}
