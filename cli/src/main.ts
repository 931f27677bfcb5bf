import { readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { parseArguments } from "./arguments/index.js";
import { CliError } from "./cli-error.js";
import type { Command } from "./command.js";
import { commands } from "./commands.js";
import { printCommandHelp, printHelp, rootHelp } from "./help.js";
import { loadRuntimeCli, type RuntimeCli } from "./runtime-cli.js";

/** Runs `potter <argv>` in a folder. Resolves to the exit code: 0 success, 1 failure, 2 invalid command line. */
export async function main(argv: readonly string[], folder: string): Promise<number> {
  try {
    return await run(argv, folder);
  } catch (error) {
    if (!(error instanceof CliError)) {
      const { message, stack } = error instanceof Error ? error : new Error(String(error));
      console.error(`potter: ${process.env["POTTER_DEBUG"] ? stack : message}`);
      return 1;
    }
    console.error(`potter: ${error.message}`);
    return error.exitCode;
  }
}

async function run(argv: readonly string[], start: string): Promise<number> {
  // From the command on, all is read by the command, also its `--help`.
  const { values, words } = await parseArguments(argv, rootHelp, { endsAtWord: true });
  const { help, version: showVersion, cwd } = values;
  const [name, ...args] = words;
  const folder = cwd === undefined ? start : resolve(start, cwd);
  if (showVersion) {
    console.log(readVersion());
    return 0;
  }
  if (help || name === undefined) {
    console.log(await describeCommands(folder));
    return help ? 0 : 2;
  }
  const command = commands.find((own) => own.name === name);
  if (command !== undefined) return runCommand(command, args, folder);
  const runtime = await loadRuntime(checkFolder(folder), name);
  const known = runtime.commandGroups?.map((group) => group.name);
  // A runtime that lists no groups decides by itself which commands exist.
  if (known !== undefined && !known.includes(name)) throw await unknownCommand(name, known);
  // The commands of a runtime find the project by the current folder.
  if (cwd !== undefined) process.chdir(folder);
  return runtime.runCli([name, ...args]);
}

/** Runs a command of this package. Its `--help` and `--cwd` are those of all commands. */
async function runCommand({ load }: Command, args: readonly string[], folder: string): Promise<number> {
  const module = await load();
  const { rest, help, cwd } = takeCommonOptions(args);
  if (help) {
    console.log(printCommandHelp(module.help, process.stdout.columns ?? 80));
    return 0;
  }
  return module.run(rest, checkFolder(cwd === undefined ? folder : resolve(folder, cwd)), commands);
}

/** Every command runs in a folder that exists. Without this check, each would fail later, in words of its own. */
function checkFolder(folder: string): string {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return folder;
  throw new CliError(`${folder} is not a folder: name the folder of your project by --cwd`, 2);
}

/** Takes `--help`, `-h` and `--cwd` from arguments, up to `--`, behind which are those of another program. */
function takeCommonOptions(args: readonly string[]): {
  readonly rest: readonly string[];
  readonly help: boolean;
  readonly cwd: string | undefined;
} {
  const end = args.includes("--") ? args.indexOf("--") : args.length;
  const rest: string[] = [];
  let help = false;
  let cwd: string | undefined;
  for (let at = 0; at < end; at++) {
    const arg = args[at] ?? "";
    if (arg === "--help" || arg === "-h") help = true;
    else if (arg.startsWith("--cwd=")) cwd = arg.slice("--cwd=".length);
    else if (arg === "--cwd") {
      at++;
      cwd = at < end ? args[at] : "";
    } else rest.push(arg);
  }
  // An empty value is mostly a variable that is not set.
  if (cwd === "") throw new CliError("--cwd needs a folder: --cwd <folder>", 2);
  return { rest: [...rest, ...args.slice(end)], help, cwd };
}

async function describeCommands(folder: string): Promise<string> {
  const columns = process.stdout.columns ?? 80;
  try {
    const { commandGroups } = await loadRuntimeCli(folder);
    const note = "The @potter/runtime of this project does not list its commands: run potter <group> --help.";
    return printHelp(commands, commandGroups ?? note, columns);
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    return printHelp(commands, error.message, columns);
  }
}

/** Loads the runtime of the project. Without one, suggests a command of this package if the given one is similar. */
async function loadRuntime(folder: string, command: string): Promise<RuntimeCli> {
  try {
    return await loadRuntimeCli(folder);
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    const { suggest } = await import("@potter/generator/tooling");
    const near = suggest(command, ownNames());
    throw near === "" ? error : new CliError(`unknown command ${command}: did you mean ${near}?`, 2);
  }
}

async function unknownCommand(name: string, groups: readonly string[]): Promise<CliError> {
  const { suggest } = await import("@potter/generator/tooling");
  const known = [...ownNames(), ...groups];
  const near = suggest(name, known);
  return new CliError(
    `unknown command ${name}: ${near === "" ? `expected ${known.join(", ")}` : `did you mean ${near}?`}`,
    2,
  );
}

/** The version of this package. */
function readVersion(): string {
  const manifest = readFileSync(new URL("../package.json", import.meta.url), "utf8");
  return (JSON.parse(manifest) as { readonly version: string }).version;
}

function ownNames(): readonly string[] {
  return commands.map(({ name }) => name);
}
