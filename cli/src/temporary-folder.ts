import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CliError } from "./cli-error.js";

/** Creates a folder for temporary files, outside of the project. Throws a CliError with a remedy if there is no place for it. */
export function createTemporaryFolder(name: string): string {
  try {
    return mkdtempSync(join(tmpdir(), `potter-${name}-`));
  } catch (error) {
    const { message } = error as Error;
    throw new CliError(`cannot write temporary files: ${message}; set TMPDIR to a folder that can be written`);
  }
}
