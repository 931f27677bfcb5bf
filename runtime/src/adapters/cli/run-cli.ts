import { isPotterError } from "../../errors/index.js";
import type { Command } from "./command.js";
import { commands } from "./commands/index.js";
import { commandGroups } from "./groups.js";
import { printCommandHelp, printCommands, sharedOptions } from "./help.js";
import { readOptions } from "./options.js";
import { suggestion } from "./suggestion.js";
import { openTarget, type Target } from "./target.js";
import { processTerminal, type Terminal, withoutSecrets } from "./terminal/index.js";
import { Interrupted, UsageError } from "./usage-error.js";

/** Runs a command line and resolves to its exit code. Errors are printed and never thrown. */
export async function runCommandLine(argv: readonly string[], terminal: Terminal = processTerminal()): Promise<number> {
  try {
    await run(argv, terminal);
    return 0;
  } catch (error) {
    if (error instanceof Interrupted) {
      terminal.log(`potter: ${error.message}\n`);
      return 1;
    }
    terminal.log(`potter: ${withoutSecrets(describe(error))}\n`);
    return error instanceof UsageError ? 2 : 1;
  }
}

async function run(argv: readonly string[], terminal: Terminal): Promise<void> {
  const words = argv.slice(0, argv.findIndex((word) => word.startsWith("-")) >>> 0);
  const [group = "", verb = ""] = words;
  const command = commands.find(({ name }) => name === `${group} ${verb}`);
  if (command === undefined) {
    const inGroup = commands.filter(({ name }) => name.startsWith(`${group} `));
    const shown = inGroup.length > 0 ? inGroup : commands;
    if (words.length < 2 && (argv.includes("--help") || argv.includes("-h")) && (inGroup.length > 0 || group === "")) {
      return terminal.write(printCommands(shown, `potter ${group === "" ? "<command>" : group}`, terminal.columns));
    }
    throw unknownCommand(group, verb, inGroup);
  }
  const rest = argv.slice(2);
  if (rest.includes("--help") || rest.includes("-h")) {
    return terminal.write(printCommandHelp(command, terminal.columns));
  }
  await runCommand(command, rest, terminal);
}

async function runCommand(command: Command, args: readonly string[], given: Terminal): Promise<void> {
  const options = readOptions(args, { ...command.options, ...sharedOptions });
  const [least, most] = command.arity ?? [0, 0];
  if (options.operands.length < least || options.operands.length > most) {
    const expected = command.operands ?? "no operands";
    throw new UsageError(`${command.name} expects ${expected}, not ${JSON.stringify(options.operands.join(" "))}`);
  }
  const terminal: Terminal = options.has("quiet") ? { ...given, interactive: false, log() {} } : given;
  let target: Promise<Target> | undefined;
  try {
    await command.run({
      options,
      terminal,
      target: () => {
        target ??= openTarget(terminal.folder, options.text("app"));
        return target;
      },
    });
  } finally {
    // An error while opening has been reported by the command already.
    const opened = await target?.catch(() => undefined);
    await opened?.close();
  }
}

function unknownCommand(group: string, verb: string, inGroup: readonly Command[]): UsageError {
  if (inGroup.length === 0) {
    const groups = commandGroups.map(({ name }) => name);
    return new UsageError(
      group === ""
        ? `missing command: expected ${groups.join(", ")}`
        : `unknown command ${group}${suggestion(group, groups)}`,
    );
  }
  const verbs = inGroup.map(({ name }) => name.slice(group.length + 1));
  if (verb === "") return new UsageError(`missing subcommand of ${group}: expected ${verbs.join(", ")}`);
  return new UsageError(`unknown command ${group} ${verb}${suggestion(verb, verbs)}`);
}

function describe(error: unknown): string {
  if (error instanceof UsageError || isPotterError(error)) return error.message;
  if (!(error instanceof Error)) return String(error);
  return process.env["POTTER_DEBUG"] ? (error.stack ?? error.message) : error.message;
}
