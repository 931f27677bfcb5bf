import type { Command } from "./command.js";
import type { OptionSpecs } from "./options.js";
import { wrapText } from "./terminal/index.js";

/** Options that every command takes. */
export const sharedOptions: OptionSpecs = {
  app: { value: "module", help: "module that exports the app; default: \"potter\": { \"app\": … } in package.json" }, // biome-ignore format: quotes of JSON
  quiet: { help: "do not print progress" },
  help: { help: "print this help" },
};

/** Prints the help of one command in lines of at most `columns` characters. */
export function printCommandHelp(command: Command, columns: number): string {
  const usage = ["potter", command.name, command.operands, "[options]"].filter(Boolean).join(" ");
  const examples = (command.examples ?? []).map((example) => `  ${example}`);
  return [
    usage,
    "",
    ...wrapText(command.summary, columns),
    "",
    "Options:",
    ...printOptions({ ...command.options, ...sharedOptions }, columns),
    ...(examples.length > 0 ? ["", "Examples:", ...examples] : []),
    "",
  ].join("\n");
}

/** Prints a list of commands, each with its summary, in lines of at most `columns` characters. */
export function printCommands(commands: readonly Command[], title: string, columns: number): string {
  const usages = commands.map(({ name, operands, summary }): readonly [string, string] => [
    [name, operands].filter(Boolean).join(" "),
    summary,
  ]);
  return [
    title,
    "",
    "Commands:",
    ...printPairs(usages, columns),
    "",
    "Run potter <command> --help for the options of a command.",
    "",
  ].join("\n");
}

function printOptions(specs: OptionSpecs, columns: number): readonly string[] {
  const pairs = Object.entries(specs).map(([name, { value, help }]): readonly [string, string] => [
    value === undefined ? `--${name}` : `--${name} <${value}>`,
    help,
  ]);
  return printPairs(pairs, columns);
}

/** Two columns: the terms, and their texts wrapped between words. */
function printPairs(pairs: readonly (readonly [string, string])[], columns: number): readonly string[] {
  const width = Math.max(...pairs.map(([term]) => term.length));
  const indent = width + 4;
  return pairs.flatMap(([term, text]) =>
    wrapText(text, Math.max(20, columns - indent)).map((line, at) =>
      at === 0 ? `  ${term.padEnd(width)}  ${line}` : `${" ".repeat(indent)}${line}`,
    ),
  );
}
