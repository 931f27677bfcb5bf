import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { CliError } from "./cli-error.js";

const specifier = "@potter/runtime/cli";

/** A group of commands that the runtime offers, such as `events`. */
export interface CommandGroup {
  readonly name: string;
  readonly summary: string;
  /** The second words of its commands. undefined: this release of the runtime does not say. */
  readonly verbs?: readonly string[];
}

/** The exports of `@potter/runtime/cli` that this command uses. */
export interface RuntimeCli {
  /** Runs a command and resolves to the exit code. */
  runCli(argv: readonly string[]): Promise<number>;
  /** The groups that `runCli` knows. undefined: this release of the runtime does not say. */
  readonly commandGroups: readonly CommandGroup[] | undefined;
}

/**
 * Loads `@potter/runtime/cli` from the project in a folder: the version that its service runs on, and not one that this package
 * brings. Throws a CliError that names the remedy if it is missing or too old.
 */
export async function loadRuntimeCli(folder: string): Promise<RuntimeCli> {
  const { runCli, commandGroups }: Partial<RuntimeCli> = await import(pathToFileURL(resolve(folder)).href);
  if (typeof runCli !== "function") throw tooOld(folder);
  return { runCli, commandGroups: Array.isArray(commandGroups) ? commandGroups : undefined };
}

function resolve(folder: string): string {
  try {
    return createRequire(join(folder, "package.json")).resolve(specifier);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ERR_PACKAGE_PATH_NOT_EXPORTED") throw tooOld(folder);
    if (code !== "MODULE_NOT_FOUND") throw error;
    throw new CliError(
      `commands for services come with @potter/runtime, which is not installed in ${folder}: ` +
        "run potter in the folder of your service, or npm install @potter/runtime",
    );
  }
}

function tooOld(folder: string): CliError {
  return new CliError(
    `the @potter/runtime installed in ${folder} does not provide ${specifier}: npm install @potter/runtime@latest`,
  );
}
