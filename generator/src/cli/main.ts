import yargs from "yargs";
import { suggest } from "../diagnostics/index.js";
import { version } from "../pipeline/index.js";
import { CliError } from "./cli-error.js";
import { printHelp } from "./help.js";
import { lock } from "./lock.js";
import { loadRuntimeCli, type RuntimeCli } from "./runtime-cli.js";

const ownCommands = [{ name: "lock", summary: "record the names that clients of the GraphQL schema use" }] as const;

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

async function run(argv: readonly string[], folder: string): Promise<number> {
  const { _: words, help, version: showVersion } = await parse(argv);
  const command = words[0] === undefined ? undefined : String(words[0]);
  if (showVersion) {
    console.log(version);
    return 0;
  }
  if (help || command === undefined) {
    console.log(await describeCommands(folder));
    return help ? 0 : 2;
  }
  const args = words.map(String);
  if (command === "lock") return lock(args.slice(1), folder);
  const runtime = await loadRuntime(folder, command);
  const known = runtime.commandGroups?.map(({ name }) => name);
  // A runtime that lists no groups decides by itself which commands exist.
  if (known !== undefined && !known.includes(command)) throw unknownCommand(command, known);
  return runtime.runCli(args);
}

/** Reads the options before the command. Everything from the command on stays as typed, including its `--help`. */
function parse(argv: readonly string[]) {
  return yargs([...argv])
    .scriptName("potter")
    .parserConfiguration({ "halt-at-non-option": true, "parse-positional-numbers": false })
    .help(false)
    .version(false)
    .option("help", { alias: "h", type: "boolean", default: false })
    .option("version", { alias: "v", type: "boolean", default: false })
    .strictOptions()
    .exitProcess(false)
    .fail((message, error) => {
      throw error ?? new CliError(message, 2);
    })
    .parseAsync();
}

async function describeCommands(folder: string): Promise<string> {
  const columns = process.stdout.columns ?? 80;
  try {
    const { commandGroups } = await loadRuntimeCli(folder);
    const note = "The @potter/runtime of this project does not list its commands: run potter <group> --help.";
    return printHelp(ownCommands, commandGroups ?? note, columns);
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    return printHelp(ownCommands, error.message, columns);
  }
}

/** Loads the runtime of the project. Without one, suggests a command of this package if the given one is similar. */
async function loadRuntime(folder: string, command: string): Promise<RuntimeCli> {
  try {
    return await loadRuntimeCli(folder);
  } catch (error) {
    const near = suggest(command, ownNames());
    throw error instanceof CliError && near !== ""
      ? new CliError(`unknown command ${command}: did you mean ${near}?`, 2)
      : error;
  }
}

function unknownCommand(name: string, groups: readonly string[]): CliError {
  const known = [...ownNames(), ...groups];
  const near = suggest(name, known);
  return new CliError(
    `unknown command ${name}: ${near === "" ? `expected ${known.join(", ")}` : `did you mean ${near}?`}`,
    2,
  );
}

function ownNames(): readonly string[] {
  return ownCommands.map(({ name }) => name);
}
