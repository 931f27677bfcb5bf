import { CliError } from "../cli-error.js";

const refusal = /^Unknown arguments?: ([^,]+)/;
const missing = /^Not enough arguments following: (.+)$/;

/**
 * Returns an error for an option or an argument that yargs refuses, as it was typed, with what is valid instead. Returns
 * other errors as they are. `names` are the options that exist.
 */
export async function explainUnknownArgument(
  error: unknown,
  argv: readonly string[],
  command: string,
  usage: string,
  names: readonly string[],
): Promise<unknown> {
  if (!(error instanceof CliError)) return error;
  const [, incomplete] = missing.exec(error.message) ?? [];
  if (incomplete !== undefined) {
    return new CliError(explainMissing(incomplete, command), 2);
  }
  const [, name] = refusal.exec(error.message) ?? [];
  if (name === undefined) return error;
  const typed = argv.map((arg) => arg.replace(/=.*$/s, "")).find((arg) => isOption(arg, name));
  if (typed === undefined) return new CliError(`unexpected argument ${name}: expected ${usage}`, 2);
  const { suggest } = await import("@potter/generator/tooling");
  const near = suggest(typed, names);
  const hint = near === "" ? "" : `did you mean ${near}? `;
  return new CliError(`unknown option ${typed}: ${hint}${command} --help lists the options`, 2);
}

/** Says that an option has no value, or an empty one, such as that of a variable that is not set. */
export function explainMissing(name: string, command: string): string {
  return `--${name} needs a value: ${command} --help lists the options`;
}

/** Whether an argument gives the option of this name. yargs reports `--no-x` as x, and each letter of `-xy`. */
function isOption(arg: string, name: string): boolean {
  if (arg.startsWith("--")) return arg === `--${name}` || arg === `--no-${name}`;
  return arg.startsWith("-") && arg.slice(1).includes(name);
}
