import { commonOptions, type HelpEntry, listFlags, type Option, type Options } from "../arguments/index.js";
import type { Command } from "../command.js";
import { rootHelp } from "../help.js";
import type { CommandGroup } from "../runtime-cli.js";

/** What may follow an option or a command. */
export type Values =
  | { readonly kind: "choices"; readonly choices: readonly string[] }
  | { readonly kind: "list"; readonly choices: readonly string[] }
  | { readonly kind: "file" }
  | { readonly kind: "folder" }
  | { readonly kind: "any" };

/** An option as it is typed. */
export interface CompletedFlag extends HelpEntry {
  /** undefined: it takes no value. */
  readonly value: Values | undefined;
}

/** A command, and what may follow it. */
export interface CompletedCommand extends HelpEntry {
  readonly flags: readonly CompletedFlag[];
  /** What words may be; undefined: it takes none. */
  readonly words: Values | undefined;
}

/** All that can be typed. Names have no characters that mean something to a shell; summaries may. */
export interface Vocabulary {
  /** The commands of this package, then those of the runtime, whose options are not known here. */
  readonly commands: readonly CompletedCommand[];
  /** The options before a command. */
  readonly flags: readonly CompletedFlag[];
}

/** Collects what can be typed from the descriptions of commands. `groups` are commands of the installed runtime. */
export async function readVocabulary(own: readonly Command[], groups: readonly CommandGroup[]): Promise<Vocabulary> {
  const commands = own.map(async ({ name, summary, load }): Promise<CompletedCommand> => {
    const { help } = await load();
    const { words } = help;
    const choices = words?.list?.();
    return {
      name,
      summary,
      flags: readFlags({ ...help.options, ...commonOptions }),
      words: words && (choices ? { kind: "choices", choices } : { kind: words.completes ?? "any" }),
    };
  });
  const ofRuntime = groups.map(({ name, summary, verbs }): CompletedCommand => {
    const words = verbs && ({ kind: "choices", choices: verbs } as const);
    return { name, summary, flags: [], words };
  });
  return { commands: [...(await Promise.all(commands)), ...ofRuntime], flags: readFlags(rootHelp.options) };
}

function readFlags(options: Options): readonly CompletedFlag[] {
  return listFlags(options).map(({ text: name, summary, option }) => ({
    name,
    summary,
    value: option && valuesOf(option),
  }));
}

function valuesOf(option: Option): Values {
  if (option.kind === "choice") return { kind: "choices", choices: option.choices };
  if (option.kind === "list") return { kind: "list", choices: option.choices };
  return { kind: (option.kind === "text" ? option.completes : undefined) ?? "any" };
}
