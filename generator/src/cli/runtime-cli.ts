import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { CliError } from "./cli-error.js";

const specifier = "@potter/runtime/cli";

/** What `@potter/runtime/cli` exports, as far as this command knows it. */
interface RuntimeCli {
  /** Carries a command out and resolves to the exit code. */
  runCli(argv: readonly string[]): Promise<number>;
}

/**
 * Loads `@potter/runtime/cli` as the project in a folder has it: the version that its service runs on, not one that
 * this package might bring.
 */
export async function loadRuntimeCli(folder: string): Promise<RuntimeCli> {
  const loaded: Partial<RuntimeCli> = await import(pathToFileURL(resolve(folder)).href);
  if (typeof loaded.runCli !== "function") throw tooOld(folder);
  return { runCli: loaded.runCli };
}

function resolve(folder: string): string {
  try {
    return createRequire(join(folder, "package.json")).resolve(specifier);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ERR_PACKAGE_PATH_NOT_EXPORTED") throw tooOld(folder);
    if (code !== "MODULE_NOT_FOUND") throw error;
    throw new CliError(
      `this command is carried out by @potter/runtime, which is not installed in ${folder}: ` +
        "run it in the folder of your service, or npm install @potter/runtime",
    );
  }
}

function tooOld(folder: string): CliError {
  return new CliError(`the @potter/runtime that is installed in ${folder} has no ${specifier}: update it`);
}
