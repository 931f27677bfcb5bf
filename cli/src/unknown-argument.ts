import { CliError } from "./cli-error.js";
import type { CommandHelp } from "./command.js";

const refusal = /^Unknown arguments?: ([^,]+)/;

/**
 * Returns an error for an option or an argument that yargs refuses, as it was typed, with what is valid instead. Returns
 * other errors as they are.
 */
export async function explainUnknownArgument(
  error: unknown,
  argv: readonly string[],
  command: string,
  { usage, options }: Pick<CommandHelp, "usage" | "options">,
): Promise<unknown> {
  const name = error instanceof CliError ? refusal.exec(error.message)?.[1] : undefined;
  if (name === undefined) return error;
  const typed = argv.map((arg) => arg.replace(/=.*$/s, "")).find((arg) => isOption(arg, name));
  if (typed === undefined) return new CliError(`unexpected argument ${name}: expected ${usage}`, 2);
  const { suggest } = await import("@potter/generator/tooling");
  const near = suggest(typed, listOptions(options));
  const hint = near === "" ? "" : `did you mean ${near}? `;
  return new CliError(`unknown option ${typed}: ${hint}${command} --help lists the options`, 2);
}

/** Whether an argument gives the option of this name. yargs reports `--no-x` as x, and each letter of `-xy`. */
function isOption(arg: string, name: string): boolean {
  if (arg.startsWith("--")) return arg === `--${name}` || arg === `--no-${name}`;
  return arg.startsWith("-") && arg.slice(1).includes(name);
}

function listOptions(options: CommandHelp["options"]): readonly string[] {
  const names = options.flatMap(({ name }) => [...name.matchAll(/--[a-z-]+/g)].map(([text]) => text));
  return [...names, "--cwd", "--help"];
}
