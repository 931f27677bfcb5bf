import type { Command } from "./command.js";
import type { OptionSpecs } from "./options.js";

/** Options that every command takes. */
export const sharedOptions: OptionSpecs = {
  app: { value: "module", help: "module that exports the app; default: \"potter\": { \"app\": … } in package.json" }, // biome-ignore format: quotes of JSON
  quiet: { help: "no progress" },
  help: { help: "this help" },
};

/** The help of one command. */
export function printCommandHelp(command: Command): string {
  const usage = ["potter", command.name, command.operands, "[options]"].filter(Boolean).join(" ");
  const examples = (command.examples ?? []).map((example) => `  ${example}`);
  return [
    usage,
    "",
    command.summary,
    "",
    "Options:",
    ...printOptions({ ...command.options, ...sharedOptions }),
    ...(examples.length > 0 ? ["", "Examples:", ...examples] : []),
    "",
  ].join("\n");
}

/** The commands whose names begin with a word, or all. */
export function printCommands(commands: readonly Command[], title: string): string {
  const usages = commands.map(({ name, operands, summary }) => [[name, operands].filter(Boolean).join(" "), summary]);
  const width = Math.max(...usages.map(([usage = ""]) => usage.length));
  const lines = usages.map(([usage = "", summary = ""]) => `  ${usage.padEnd(width)}  ${summary}`);
  return [`${title}`, "", "Commands:", ...lines, "", "potter <command> --help says more about one.", ""].join("\n");
}

function printOptions(specs: OptionSpecs): string[] {
  const names = Object.entries(specs).map(([name, { value }]) => (value ? `--${name} <${value}>` : `--${name}`));
  const width = Math.max(...names.map((name) => name.length));
  return Object.values(specs).map(({ help }, index) => `  ${(names[index] ?? "").padEnd(width)}  ${help}`);
}
