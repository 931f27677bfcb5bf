import yargs, { type Argv } from "yargs";
import { CliError } from "../cli-error.js";
import type { CommandHelp, Option, Options } from "./option.js";
import { listFlags } from "./print-options.js";
import { explainMissing, explainUnknownArgument } from "./unknown-argument.js";
import type { Values } from "./values.js";

/** What was typed. */
export interface ParsedArguments<O extends Options> {
  readonly values: Values<O>;
  /** What is no option, in its order. */
  readonly words: readonly string[];
}

/** How a command line is read. */
export interface ParseSettings {
  /** Whether everything from the first word on belongs to another command, and is returned as typed. */
  readonly endsAtWord?: boolean;
}

type What = Pick<CommandHelp, "usage" | "words">;

/**
 * Reads the arguments of a command by the description of its options. Throws a CliError with code 2 that names the argument and what
 * is valid instead.
 */
export async function parseArguments<const O extends Options>(
  argv: readonly string[],
  help: What & { readonly options: O },
  { endsAtWord = false }: ParseSettings = {},
): Promise<ParsedArguments<O>> {
  const parser = yargs([...argv])
    // Errors are read below, so they must not be in the language of the user.
    .locale("en")
    .parserConfiguration({
      "parse-positional-numbers": false,
      "dot-notation": false,
      "halt-at-non-option": endsAtWord,
    })
    // Before the options: it would remove options of these names.
    .help(false)
    .version(false)
    .strictOptions()
    .exitProcess(false)
    .fail((message, error) => {
      throw new CliError(message ?? error.message, 2);
    });
  for (const [name, option] of Object.entries<Option>(help.options)) {
    if (option.kind === "flag" || option.kind === "toggle") {
      const short = option.kind === "flag" && option.short !== undefined ? { alias: option.short } : {};
      parser.option(name, { type: "boolean", ...short });
    } else parser.option(name, { type: "string", requiresArg: true, array: true, nargs: 1 });
  }
  const parsed = await read(parser, argv, help);
  const words = parsed._.map(String);
  const most = help.words === undefined ? 0 : (help.words.most ?? Number.POSITIVE_INFINITY);
  if (!endsAtWord && words.length > most) {
    throw new CliError(`unexpected argument ${words[most]}: expected ${help.usage}`, 2);
  }
  const values = Object.entries<Option>(help.options).map(([name, option]) => [
    name.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase()),
    readValue(name, option, parsed[name], commandOf(help)),
  ]);
  return { values: Object.fromEntries(values) as Values<O>, words };
}

async function read(parser: Argv, argv: readonly string[], help: What & { readonly options: Options }) {
  try {
    return await parser.parseAsync();
  } catch (error) {
    throw await explainUnknownArgument(error, argv, commandOf(help), help.usage, typedNames(help.options));
  }
}

/** The value of an option of which yargs has read all occurrences. The last one counts. */
function readValue(name: string, option: Option, found: unknown, command: string): unknown {
  if (option.kind === "flag") return found === true;
  if (option.kind === "toggle") return found;
  const texts = (found ?? []) as readonly (string | false)[];
  const text = texts.at(-1);
  // yargs takes `--no-x` for false, whatever the type.
  if (texts.includes("")) throw new CliError(explainMissing(name, command), 2);
  if (text === false) throw new CliError(`unknown option --no-${name}: --${name} takes a value`, 2);
  switch (option.kind) {
    case "text":
      return option.many ? texts : (text ?? option.default);
    case "choice":
      if (text === undefined || option.choices.includes(text)) return text ?? option.default;
      throw new CliError(`--${name} ${text}: expected one of ${option.choices.join(", ")}`, 2);
    case "list": {
      const chosen = text?.split(/[,+]/).map((one) => one.trim());
      const unknown = chosen?.find((one) => !option.choices.includes(one));
      if (unknown === undefined) return chosen && option.choices.filter((one) => chosen.includes(one));
      throw new CliError(`--${name} ${unknown}: expected some of ${option.choices.join(", ")}`, 2);
    }
  }
}

/** `potter check` of `potter check [input] [options]`. */
function commandOf({ usage }: What): string {
  return usage.replace(/ [[<].*$/, "");
}

function typedNames(options: Options): readonly string[] {
  return [...listFlags(options).map(({ text }) => text), "--cwd", "--help"].filter((text) => text.startsWith("--"));
}
