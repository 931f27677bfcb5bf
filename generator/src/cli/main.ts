import yargs from "yargs";
import { suggest } from "../diagnostics/index.js";
import { version } from "../pipeline/index.js";
import { CliError } from "./cli-error.js";
import { lock } from "./lock.js";
import { loadRuntimeCli } from "./runtime-cli.js";
import { runtimeCommands } from "./runtime-commands.js";

const commands: Readonly<Record<string, string>> = {
  lock: "write down the names that clients of the GraphQL schema use",
  ...runtimeCommands,
};

/** Runs the command `potter` in a folder and resolves to the exit code: 0 done, 1 failed, 2 wrongly used. */
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
  const parser = createParser(argv);
  const { _: words } = await parser.parseAsync();
  const command = words[0];
  if (command === undefined) {
    // Help and version were asked for, and were printed.
    if (argv.length > 0) return 0;
    console.log(await parser.getHelp());
    return 2;
  }
  if (command === "lock") return lock(words.slice(1).map(String), folder);
  if (!Object.hasOwn(runtimeCommands, command)) throw unknownCommand(String(command));
  const { runCli } = await loadRuntimeCli(folder);
  return runCli(words.map(String));
}

function createParser(argv: readonly string[]) {
  const parser = yargs([...argv])
    .scriptName("potter")
    .usage("$0 <command> [options]\n\nGenerates from contracts, and operates services that run on @potter/runtime.")
    // What follows the command is for whoever carries it out, its --help too, and as it was typed.
    .parserConfiguration({ "halt-at-non-option": true, "parse-positional-numbers": false })
    .help()
    .alias("h", "help")
    .version(version)
    .alias("v", "version")
    .strictOptions()
    .exitProcess(false)
    .epilogue("potter <command> --help says more about a command.")
    .fail((message, error) => {
      throw error ?? new CliError(message, 2);
    });
  for (const [name, description] of Object.entries(commands)) parser.command(name, description);
  return parser;
}

function unknownCommand(name: string): CliError {
  const near = suggest(name, Object.keys(commands));
  const advice = near === "" ? `expected ${Object.keys(commands).join(", ")}` : `did you mean ${near}?`;
  return new CliError(`there is no command ${name}: ${advice}`, 2);
}
