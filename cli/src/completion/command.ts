import { defineHelp, parseArguments } from "../arguments/index.js";
import { CliError } from "../cli-error.js";
import type { Command } from "../command.js";
import { type CommandGroup, loadRuntimeCli } from "../runtime-cli.js";
import { printBash } from "./print-bash.js";
import { printFish } from "./print-fish.js";
import { printZsh } from "./print-zsh.js";
import { readVocabulary, type Vocabulary } from "./vocabulary.js";

const shells: Readonly<Record<string, (vocabulary: Vocabulary) => string>> = {
  bash: printBash,
  zsh: printZsh,
  fish: printFish,
};
const names = Object.keys(shells);

/** The help of `potter completion`. */
export const help = defineHelp({
  usage: `potter completion <${names.join("|")}> [options]`,
  purpose:
    "Prints a script that completes commands, options and values of potter in a shell. It knows the commands for services of the " +
    "@potter/runtime that is installed in the folder. potter must be on the PATH: node_modules/.bin, or a global installation.",
  words: { list: () => names },
  options: {},
  examples: [
    { name: "source <(potter completion bash)", summary: "for bash, in ~/.bashrc" },
    { name: "source <(potter completion zsh)", summary: "for zsh, in ~/.zshrc, after compinit" },
    {
      name: "potter completion fish > ~/.config/fish/completions/potter.fish",
      summary: "for fish",
    },
  ],
});

/** Runs `potter completion`. Resolves to the exit code. */
export async function run(argv: readonly string[], folder: string, commands: readonly Command[]): Promise<number> {
  const { words } = await parseArguments(argv, help);
  const [shell = "", ...more] = words;
  const print = Object.hasOwn(shells, shell) ? shells[shell] : undefined;
  if (print === undefined || more.length > 0) {
    throw new CliError(`expected one shell: potter completion ${names.join("|")}`, 2);
  }
  console.log(print(await readVocabulary(commands, await listGroups(folder))).trimEnd());
  return 0;
}

/** The commands of the installed runtime. Without one, they are not completed. */
async function listGroups(folder: string): Promise<readonly CommandGroup[]> {
  try {
    return (await loadRuntimeCli(folder)).commandGroups ?? [];
  } catch (error) {
    if (error instanceof CliError) return [];
    throw error;
  }
}
