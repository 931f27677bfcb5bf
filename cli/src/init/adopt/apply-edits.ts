import { readFileSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CliError } from "../../cli-error.js";
import type { Edit } from "./plan.js";

/**
 * Writes planned edits, each file in one step. Throws a CliError before the first of them is written if a file has changed since the
 * plan was made, and one that names a file which cannot be written.
 */
export function applyEdits(folder: string, edits: readonly Edit[]): void {
  for (const { path, old } of edits) {
    if (read(join(folder, path)) !== old) {
      throw new CliError(`${path} has changed meanwhile: nothing was written. Run potter init again`);
    }
  }
  for (const { path, old, text } of edits) {
    // A link stays a link: the file that it leads to is replaced.
    const file = old === undefined ? join(folder, path) : realpathSync(join(folder, path));
    const temporary = `${file}.potter-init`;
    try {
      writeFileSync(temporary, text, old === undefined ? {} : { mode: statSync(file).mode });
      renameSync(temporary, file);
    } catch (error) {
      rmSync(temporary, { force: true });
      throw new CliError(`cannot write ${file}: ${(error as Error).message}`);
    }
  }
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
