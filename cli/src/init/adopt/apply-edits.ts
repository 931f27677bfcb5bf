import { readFileSync } from "node:fs";
import { join } from "node:path";
import { CliError } from "../../cli-error.js";
import { writeWhole } from "../../files/index.js";
import type { Edit } from "./plan.js";

/**
 * Writes planned edits, each file in one step. Throws a CliError before the first of them is written if a file has changed since the
 * plan was made, and one that names a file which cannot be written.
 */
export async function applyEdits(folder: string, edits: readonly Edit[]): Promise<void> {
  for (const { path, old } of edits) {
    if (read(join(folder, path)) !== old) {
      throw new CliError(`${path} has changed meanwhile: nothing was written. Run potter init again`);
    }
  }
  for (const { path, text } of edits) await writeWhole(join(folder, path), text);
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
